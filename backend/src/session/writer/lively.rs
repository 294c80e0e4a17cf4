//! Telling what is of the moment: who types, and how far others have come.

use std::collections::{BTreeMap, BTreeSet};

use shared::frame::ServerFrame;
use shared::id::{ConversationId, UserId};
use shared::model::List;
use shared::receipt::Mark;

use super::super::Socket;
use super::{End, Writer, unreadable};
use crate::hub::encode;
use crate::store::StoreError;

impl<S: Socket> Writer<S> {
    /// This person looks at a conversation: they are told all there is, and then what changes.
    pub(super) async fn watch(&mut self, conversation: ConversationId) -> Result<(), End> {
        if !self.is_in(conversation) {
            return Ok(());
        }
        // First listen, then read: what comes in between is in one or the other.
        self.seat.watch(conversation);
        match self.app.store.marks(self.me.id, conversation).await {
            Ok(marks) => self.feed_marks(conversation, true, marks).await,
            // Whoever is not in it any more hears of that by itself.
            Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(unreadable(&error)),
        }
    }

    pub(super) async fn tell_typing(
        &mut self,
        typing: BTreeMap<ConversationId, BTreeSet<UserId>>,
    ) -> Result<(), End> {
        for (conversation, users) in typing {
            if self.is_in(conversation) {
                for user in users {
                    self.outlet.feed(encode(&ServerFrame::Typing { conversation, user })).await?;
                }
            }
        }
        Ok(())
    }

    pub(super) async fn tell_marks(
        &mut self,
        marks: BTreeMap<ConversationId, BTreeMap<UserId, Mark>>,
    ) -> Result<(), End> {
        for (conversation, marks) in marks {
            if self.is_in(conversation) {
                self.feed_marks(conversation, false, marks.into_values().collect()).await?;
            }
        }
        Ok(())
    }

    async fn feed_marks(
        &mut self,
        conversation: ConversationId,
        all: bool,
        marks: Vec<Mark>,
    ) -> Result<(), End> {
        let marks = List::first(marks);
        Ok(self.outlet.feed(encode(&ServerFrame::Receipts { conversation, all, marks })).await?)
    }

    fn is_in(&self, conversation: ConversationId) -> bool {
        self.cursors.get(&conversation).is_some_and(super::super::cursor::Cursor::is_in)
    }
}
