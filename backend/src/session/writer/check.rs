//! Telling a client from time to time what its copy of a conversation should come to.

use std::ops::Bound;

use shared::frame::ServerFrame;
use shared::id::ConversationId;
use shared::model;
use tokio::time::Instant;

use super::super::Socket;
use super::{End, Writer, unreadable};
use crate::hub::encode;
use crate::store::{Listed, StoreError};

/// The first level of the protocol whose checks count mentions.
const LEVEL: u32 = 3;
/// Into so many parts the time between two checks is divided: connections that came together, as they do after a
/// restart, are not all looked after at the same moment.
const PARTS: u32 = 60;

impl<S: Socket> Writer<S> {
    /// Plans the first check. To a client of an earlier level nothing is said that it would not know.
    pub(super) fn plan_checks(&mut self, level: u32) {
        if level < LEVEL {
            return;
        }
        let part = u32::try_from(self.seat.number() % u64::from(PARTS)).unwrap_or(0) + 1;
        self.check = Some(Instant::now() + self.app.config.check_every / PARTS * part);
    }

    /// One conversation in its turn: compares what was told with the store, and lets the client compare the rest.
    ///
    /// It costs one row of the list. Only what cannot be under way is compared: the client has all changes up to the
    /// head that was read here, for they were written before; whether it has the marker, it knows.
    pub(super) async fn check(&mut self) -> Result<(), End> {
        self.check = Some(Instant::now() + self.app.config.check_every);
        let Some(conversation) = self.next_to_check() else { return Ok(()) };
        let summary = match self.app.store.listed(self.me.id, conversation).await {
            Ok(Listed { summary, .. }) => summary,
            Err(StoreError::NotFound) => return self.look_up_membership(conversation).await,
            Err(error) => return Err(unreadable(&error)),
        };
        let Some(cursor) = self.cursors.get_mut(&conversation) else { return Ok(()) };
        let (seq, told) = (cursor.seq, cursor.read_up_to);
        if seq < summary.head {
            // Most likely it is on its way; if not, the store has it.
            cursor.behind = true;
            self.pending.insert(conversation);
        }
        if told < summary.read {
            self.tell_marker(conversation).await?;
        }
        if seq == summary.head {
            let (as_of, read) = (summary.head, summary.read);
            let print = model::print(as_of, read, summary.unread, summary.mentions, summary.members);
            self.outlet.feed(encode(&ServerFrame::Check { conversation, as_of, read, print })).await?;
        }
        Ok(())
    }

    fn next_to_check(&mut self) -> Option<ConversationId> {
        let after = self.checked.map_or(Bound::Unbounded, Bound::Excluded);
        let next = self.cursors.range((after, Bound::Unbounded)).next();
        self.checked = next.or_else(|| self.cursors.first_key_value()).map(|(conversation, _)| *conversation);
        self.checked
    }
}
