//! Paging back.

use shared::frame::{ENTRIES, PAGE, ServerFrame};
use shared::id::Seq;
use shared::model::List;

use crate::access::Member;
use crate::app::App;
use crate::error::Error;
use crate::store::Portion;

/// Most bytes of entries in one page. A page that would be larger is shorter.
const BYTES: usize = 256 * 1024;

/// The entries before a place, or the newest: at most `limit`, which is taken to be from 1 to [`PAGE`], and at most
/// [`BYTES`] of them.
pub async fn page(app: &App, member: Member, before: Option<Seq>, limit: u16) -> Result<ServerFrame, Error> {
    let portion = Portion { items: usize::from(limit).clamp(1, PAGE), bytes: BYTES };
    let history = app.store.history(member.user(), member.conversation(), before, portion).await?;
    Ok(ServerFrame::Page {
        conversation: member.conversation(),
        before,
        from: history.from,
        as_of: history.as_of,
        entries: List::first(history.entries),
    })
}

/// Single entries of a conversation, those of them that may be seen.
pub async fn entries(app: &App, member: Member, seqs: List<Seq, ENTRIES>) -> Result<ServerFrame, Error> {
    let conversation = member.conversation();
    let history = app.store.entries(member.user(), conversation, seqs.into_vec()).await?;
    Ok(ServerFrame::Entries { conversation, as_of: history.as_of, entries: List::first(history.entries) })
}
