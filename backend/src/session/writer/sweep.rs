//! Looking for what a bus between servers may have lost.

use std::collections::BTreeSet;
use std::time::Duration;

use shared::code::Close;
use shared::id::{ConversationId, Seq};
use tokio::time::Instant;

use super::super::Socket;
use super::{End, Writer, read, unreadable};
use crate::hub::encode;
use crate::store::{Standing, StoreError};

/// How often each connection looks. It costs one read of the store for all conversations of its person.
const EVERY: Duration = Duration::from_secs(2);

impl<S: Socket> Writer<S> {
    /// On a bus that loses nothing there is nothing to look for.
    pub(super) fn plan_sweep(&mut self) {
        self.sweep = self.app.bus.is_lossy().then(|| Instant::now() + EVERY);
    }

    /// Takes up what nobody told of: changes, read markers, conversations that are new or no longer this person's, and
    /// a session that has ended.
    pub(super) async fn sweep(&mut self) -> Result<(), End> {
        self.plan_sweep();
        self.own_changed();
        let session = self.seat.mailbox().session;
        if !self.app.store.session_stands(session).await.map_err(|error| unreadable(&error))? {
            return Err(End::Close(Close::Revoked));
        }
        let habits = self.app.store.habits(self.me.id).await.map_err(|error| unreadable(&error))?;
        self.seat.mailbox().learn(habits);
        let standings = self.app.store.standings(self.me.id).await.map_err(|error| unreadable(&error))?;
        let mut gone: BTreeSet<ConversationId> = self.cursors.keys().copied().collect();
        for Standing { conversation, head, read_up_to } in standings {
            gone.remove(&conversation);
            let Some(cursor) = self.cursors.get_mut(&conversation) else {
                self.look_up_membership(conversation).await?;
                continue;
            };
            if cursor.seq < head {
                cursor.behind = true;
                self.pending.insert(conversation);
            }
            if cursor.read_up_to < read_up_to {
                self.tell_marker(conversation).await?;
            }
        }
        for conversation in gone {
            self.look_up_membership(conversation).await?;
        }
        Ok(())
    }

    /// Tells up to where this person has read, and what is unread.
    pub(super) async fn tell_marker(&mut self, conversation: ConversationId) -> Result<(), End> {
        match self.app.store.read_up_to(self.me.id, conversation, Seq::ZERO).await {
            Ok(marker) => {
                if let Some(cursor) = self.cursors.get_mut(&conversation) {
                    cursor.read_up_to = marker.seq;
                }
                Ok(self.outlet.feed(encode(&read(marker))).await?)
            }
            // Who is not in it any more hears of that by itself.
            Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(unreadable(&error)),
        }
    }
}
