//! Paging back, and looking at single messages.

use shared::frame::{ENTRIES, PAGE, ServerFrame};
use shared::http::{Pins, Replies, TOLD, Versions};
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

/// What a message said, as far as it may be seen and was not taken back.
pub async fn versions(app: &App, member: Member, seq: Seq) -> Result<Versions, Error> {
    let portion = Portion { items: TOLD, bytes: BYTES };
    let versions = app.store.versions(member.user(), member.conversation(), seq, portion).await?;
    Ok(Versions { versions: List::first(versions) })
}

/// What is pinned to a conversation.
pub async fn pins(app: &App, member: Member) -> Result<Pins, Error> {
    let portion = Portion { items: TOLD, bytes: BYTES };
    let entries = app.store.pins(member.user(), member.conversation(), portion).await?;
    Ok(Pins { entries: List::first(entries) })
}

/// The replies in a thread, the newest before a place or of all.
pub async fn replies(app: &App, member: Member, thread: Seq, before: Option<Seq>) -> Result<Replies, Error> {
    let portion = Portion { items: TOLD, bytes: BYTES };
    Ok(app.store.replies(member.user(), member.conversation(), thread, before, portion).await?)
}
