//! The answer to a hello: the whole list as of one moment, and where each conversation goes on from.

use std::collections::HashMap;

use axum::extract::ws::Utf8Bytes;
use shared::frame::{LEVEL, ServerFrame};
use shared::id::{ConversationId, Epoch, Seq};
use shared::model::{List, Person};
use shared::plant::{Plant, is_planted};

use super::cursor::Cursor;
use crate::app::App;
use crate::error::Error;
use crate::hub::{Seat, encode};
use crate::store::{Listed, Listing};

/// A client that lacks more changes than this loads a conversation anew.
const RESUMED: u64 = 1_000;
/// A welcome larger than this, in bytes, goes without the newest messages: the client asks for them by page. Without
/// them even one with all the conversations and people that a frame may name is smaller; no other frame is as large.
pub(crate) const LARGE: usize = 16 * 1024 * 1024;

/// What a client says of itself.
#[derive(Debug)]
pub(super) struct Hello {
    /// The highest level that it knows.
    pub(super) level: u32,
    /// The incarnation its cursors belong to.
    pub(super) epoch: Option<Epoch>,
    /// Up to where it has each conversation.
    pub(super) cursors: Vec<(ConversationId, Seq)>,
    /// Up to where it has its person's own state, if it wants that.
    pub(super) own: Option<Seq>,
}

/// The welcome as a frame, and a cursor for each conversation in it.
pub(super) async fn welcome(
    app: &App,
    me: &Person,
    seat: &mut Seat,
    hello: Hello,
) -> Result<(Utf8Bytes, Vec<Cursor>), Error> {
    let known: HashMap<ConversationId, Seq> =
        if hello.epoch == Some(app.epoch) { hello.cursors.into_iter().collect() } else { HashMap::new() };
    let mut listing = listing(app, me, seat).await?;
    for row in &mut listing.rows {
        row.summary.since = resume(row, known.get(&row.summary.id).copied());
    }
    let cursors = listing.rows.iter().map(|row| Cursor::at(&row.summary, row.membership)).collect();
    Ok((frame(app, me, listing), cursors))
}

/// First subscribes, then reads, until what was read holds nothing that was not subscribed to before.
async fn listing(app: &App, me: &Person, seat: &mut Seat) -> Result<Listing, Error> {
    if is_planted(Plant::FetchThenSubscribe) {
        let listing = app.store.listing(me.id).await?;
        let _ = app.store.conversations_of(me.id).await?;
        for row in &listing.rows {
            seat.subscribe(row.summary.id);
        }
        return Ok(listing);
    }
    for conversation in app.store.conversations_of(me.id).await? {
        seat.subscribe(conversation);
    }
    loop {
        let listing = app.store.listing(me.id).await?;
        let new = listing.rows.iter().filter(|row| seat.subscribe(row.summary.id)).count();
        if new == 0 {
            return Ok(listing);
        }
    }
}

/// Where this connection goes on from: the client's cursor, if it is of this log and not too old, else the head.
fn resume(row: &Listed, cursor: Option<Seq>) -> Seq {
    let head = row.summary.head;
    cursor.filter(|cursor| *cursor <= head && head.get() - cursor.get() <= RESUMED).unwrap_or(head)
}

fn frame(app: &App, me: &Person, listing: Listing) -> Utf8Bytes {
    let mut summaries: Vec<_> = listing.rows.into_iter().map(|row| row.summary).collect();
    let make = |summaries: &[shared::model::Summary]| {
        encode(&ServerFrame::Welcome {
            level: LEVEL,
            epoch: app.epoch,
            now: app.clock.now(),
            me: me.clone(),
            conversations: List::first(summaries.iter().cloned()),
            people: List::first(listing.people.iter().cloned()),
        })
    };
    let whole = make(&summaries);
    if whole.len() <= LARGE {
        return whole;
    }
    for summary in &mut summaries {
        summary.last = None;
    }
    make(&summaries)
}
