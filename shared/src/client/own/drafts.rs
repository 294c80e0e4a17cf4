//! Drafts that were touched on this device: sent one at a time, and never over a newer one of another device.

use serde::{Deserialize, Serialize};

use super::super::{Client, Effect, Part};
use super::Mine;
use crate::frame::{ClientFrame, Deed};
use crate::id::{ConversationId, Seq};
use crate::own::{Own, Slot, draft_key};
use crate::text::DraftText;

/// Texts of one draft that went out and were not answered; more than one if a connection ended in between.
const SENT: usize = 4;

/// Where a draft is typed: in a conversation, or in one of its threads.
pub type Desk = (ConversationId, Option<Seq>);

/// A draft that differs from the server's, or may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Draft {
    desk: Desk,
    text: String,
    reply: Option<Seq>,
    /// The version of the server's that this one was made from.
    base: Seq,
    /// What went out and has no answer: the server may have it, or may get it yet.
    sent: Vec<String>,
    is_sending: bool,
}

impl Draft {
    pub(super) fn cut(&mut self) {
        self.is_sending = false;
    }

    pub(super) fn forget(&mut self) {
        self.base = Seq::ZERO;
        self.sent.clear();
        self.is_sending = false;
    }
}

/// What the server has at one desk.
fn told(slot: Option<&Slot>) -> (Seq, &str, Option<Seq>) {
    match slot {
        Some(Slot { version, own: Own::Draft { text, reply, .. } }) => (*version, text.as_str(), *reply),
        _ => (Seq::ZERO, "", None),
    }
}

impl Mine {
    fn slot(&self, (conversation, thread): Desk) -> Option<&Slot> {
        self.slots.get(&draft_key(conversation, thread))
    }

    fn touched(&self, desk: Desk) -> Option<&Draft> {
        self.drafts.iter().find(|draft| draft.desk == desk)
    }

    /// The person typed `text` here over `was`, which is what they saw before.
    fn type_in(&mut self, desk: Desk, was: &str, text: String, reply: Option<Seq>) {
        let (version, theirs, _) = told(self.slot(desk));
        // Somebody who typed over something older has not seen what is there now.
        let base = if was == theirs { version } else { version.previous() };
        match self.drafts.iter_mut().find(|draft| draft.desk == desk) {
            Some(draft) => (draft.text, draft.reply) = (text, reply),
            None => {
                self.drafts.push(Draft { desk, text, reply, base, sent: Vec::new(), is_sending: false });
            }
        }
        self.prune();
    }

    /// The other device's text takes the place of this one's, or this one's is sent over it.
    fn settle(&mut self, desk: Desk, takes_theirs: bool) {
        if takes_theirs {
            self.drafts.retain(|draft| draft.desk != desk);
            return;
        }
        let version = told(self.slot(desk)).0;
        if let Some(draft) = self.drafts.iter_mut().find(|draft| draft.desk == desk) {
            draft.base = draft.base.max(version);
        }
    }

    /// The server tells of a draft: this device's own, or another's. Whatever was sent from an older version comes too
    /// late from now on.
    pub(super) fn answer_draft(&mut self, slot: &Slot) {
        let Own::Draft { conversation, thread, text, reply } = &slot.own else { return };
        let desk = (*conversation, *thread);
        let Some(at) = self.drafts.iter().position(|draft| draft.desk == desk) else { return };
        let draft = &mut self.drafts[at];
        let is_ours = draft.sent.iter().any(|sent| sent == text.as_str());
        let is_same = draft.text == text.as_str() && draft.reply == *reply;
        draft.sent.clear();
        draft.is_sending = false;
        if is_ours || is_same || text.as_str().is_empty() {
            draft.base = slot.version;
        } else if draft.text.is_empty() {
            // Nothing here is lost by taking what was written there.
            self.drafts.remove(at);
        }
    }

    /// Forgets what the server has as well.
    pub(super) fn prune(&mut self) {
        let slots = std::mem::take(&mut self.slots);
        self.drafts.retain(|draft| {
            let (version, text, reply) = told(slots.get(&draft_key(draft.desk.0, draft.desk.1)));
            let is_told = draft.text == text && draft.reply == reply && draft.base >= version;
            !is_told || !draft.sent.is_empty()
        });
        self.slots = slots;
    }

    /// The drafts that should go out now: one of each desk at a time, and none over a newer one.
    fn send_drafts(&mut self, is_here: impl Fn(ConversationId) -> bool) -> Vec<ClientFrame> {
        let mut frames = Vec::new();
        if !self.is_told {
            return frames;
        }
        for draft in &mut self.drafts {
            let (conversation, thread) = draft.desk;
            let (version, ..) = told(self.slots.get(&draft_key(conversation, thread)));
            // A longer text than a message may have stays on this device.
            let Ok(text) = DraftText::try_from(draft.text.as_str()) else { continue };
            if draft.is_sending || draft.base < version || !is_here(conversation) {
                continue;
            }
            draft.is_sending = true;
            draft.sent.push(draft.text.clone());
            if draft.sent.len() > SENT {
                draft.sent.remove(0);
            }
            frames.push(ClientFrame::Draft {
                conversation,
                thread,
                text,
                reply: draft.reply,
                base: draft.base,
            });
        }
        frames
    }

    /// This person is no longer there: what was sent gets no answer.
    pub(in super::super) fn give_up(&mut self, conversation: ConversationId) {
        let there = self.drafts.iter_mut().filter(|draft| draft.desk.0 == conversation);
        there.for_each(Draft::cut);
    }

    /// Whether a draft for that conversation has no answer.
    pub(in super::super) fn is_sending(&self, conversation: ConversationId) -> bool {
        self.drafts.iter().any(|draft| draft.desk.0 == conversation && draft.is_sending)
    }

    /// The pause after a refusal is over.
    pub(in super::super) fn ask_again(&mut self) {
        self.drafts.iter_mut().for_each(Draft::cut);
    }
}

impl Client {
    /// What is typed at a desk and not sent, and to which message; `None` when nobody ever said.
    pub fn draft(&self, desk: Desk) -> Option<(&str, Option<Seq>)> {
        if let Some(draft) = self.mine.touched(desk) {
            return Some((&draft.text, draft.reply));
        }
        let (_, text, reply) = told(Some(self.mine.slot(desk)?));
        Some((text, reply))
    }

    /// What another device has typed there, if this one's text is another and was not made from it.
    pub fn draft_elsewhere(&self, desk: Desk) -> Option<&str> {
        let draft = self.mine.touched(desk)?;
        let (version, text, _) = told(self.mine.slot(desk));
        (version > draft.base && !text.is_empty() && text != draft.text).then_some(text)
    }

    pub(in super::super) fn type_in(
        &mut self,
        desk: Desk,
        was: &str,
        text: String,
        reply: Option<Seq>,
        effects: &mut Vec<Effect>,
    ) {
        self.mine.type_in(desk, was, text, reply);
        effects.push(Effect::Changed(Part::Own));
    }

    pub(in super::super) fn settle_draft(
        &mut self,
        desk: Desk,
        takes_theirs: bool,
        effects: &mut Vec<Effect>,
    ) {
        self.mine.settle(desk, takes_theirs);
        effects.push(Effect::Changed(Part::Own));
    }

    /// What waits to be sent is no draft any more: a page may have died between the two.
    pub(in super::super) fn drop_sent_drafts(&mut self) {
        for pending in self.outbox.iter() {
            if let Deed::Post { conversation, thread, body, .. }
            | Deed::Schedule { conversation, thread, body, .. } = &pending.deed
            {
                let desk = (*conversation, *thread);
                let (_, theirs, _) = told(self.mine.slot(desk));
                let text = self.mine.touched(desk).map_or(theirs, |draft| draft.text.as_str());
                if text == body.as_str() {
                    let was = text.to_owned();
                    self.mine.type_in(desk, &was, String::new(), None);
                }
            }
        }
    }

    pub(in super::super) fn send_drafts(&mut self, effects: &mut Vec<Effect>) {
        let rooms = &self.rooms;
        let frames = self.mine.send_drafts(|conversation| rooms.contains_key(&conversation));
        effects.extend(frames.into_iter().map(Effect::Send));
    }

    /// Whether a draft is on its way, or should be: not one that waits for its person to choose, nor one for where
    /// they no longer are.
    pub fn has_drafts_on_their_way(&self) -> bool {
        self.mine.drafts.iter().any(|draft| {
            let is_here = self.rooms.contains_key(&draft.desk.0);
            let is_newest = draft.base >= told(self.mine.slot(draft.desk)).0;
            is_here && is_newest && DraftText::try_from(draft.text.as_str()).is_ok()
        })
    }
}
