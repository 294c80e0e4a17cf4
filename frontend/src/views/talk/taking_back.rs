//! Changing and taking back what one said oneself.

use std::sync::Arc;

use shared::frame::Deed;
use shared::id::{ClientId, Seq};
use shared::message::{Card, Post};
use shared::model::{Entry, What};
use shared::outbox;

use super::Talk;
use crate::aside::{self, Aim};

impl Talk {
    /// Takes a message of one's own back, and keeps what it said for writing it anew.
    pub fn recall(self, target: Seq) {
        if let Some(post) = self.entry(target).as_deref().and_then(Entry::message) {
            aside::keep_recalled(self.id, target, post.body.as_str());
        }
        self.amend(Deed::Recall { conversation: self.id, target });
    }

    /// Changes what was last said here. Answers whether there is something.
    pub fn edit_last(self) -> bool {
        let last = self.state.peek(|client| {
            let me = client.me()?.id;
            let waits = client.outbox().of(self.id).any(|pending| self.is_here(&pending.deed));
            let mut entries = client.room(self.id)?.timeline().entries().rev();
            let last = entries.find(|entry| entry.author == me && self.holds(entry))?;
            (!waits && may_edit(last)).then(|| Arc::clone(last))
        });
        let Some(last) = last else { return false };
        let text = last.message().map(|post| post.body.to_string()).unwrap_or_default();
        self.edit(last.seq, &text);
        true
    }

    /// Whether a deed says something here.
    fn is_here(self, deed: &Deed) -> bool {
        matches!(deed, Deed::Post { thread, .. } if self.thread.is_none() || *thread == self.thread)
    }

    /// Whether an entry is a message that stands here.
    fn holds(self, entry: &Entry) -> bool {
        matches!(&entry.what, What::Posted(post) if self.thread.is_none() || post.thread == self.thread)
    }

    /// Takes back what was just sent: out of the outbox if it is still there, else out of the log.
    pub fn undo(self, sent: ClientId) -> bool {
        let pending = self.state.peek(|client| client.outbox().get(sent).cloned());
        let is_waiting = |pending: &outbox::Pending| {
            !matches!(pending.state, outbox::State::Sending | outbox::State::Sent { .. })
        };
        if let Some(pending) = pending.filter(is_waiting)
            && let Deed::Post { body, reply, .. } = pending.deed
        {
            self.actions.discard(sent);
            self.return_to_composer(body.as_str(), reply);
            return true;
        }
        let said = self.state.peek(|client| {
            let mut entries = client.room(self.id)?.timeline().entries().rev();
            entries.find(|entry| entry.client_id == Some(sent)).cloned()
        });
        let Some(said) = said else { return false };
        if let Some(post) = said.message() {
            self.recall(said.seq);
            self.return_to_composer(post.body.as_str(), post.reply);
        }
        true
    }

    fn return_to_composer(self, text: &str, reply: Option<Seq>) {
        self.put_back(text);
        if let Some(seq) = reply {
            self.set_aim(Aim::Reply(seq));
        }
    }
}

/// Whether a message of one's own can be changed.
pub fn may_edit(entry: &Entry) -> bool {
    let is_free = |post: &Post| post.forwarded.is_none() && !matches!(post.card, Some(Card::Poll { .. }));
    entry.message().is_some_and(is_free)
}
