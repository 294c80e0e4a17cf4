//! What people do with messages that they see.

use std::sync::Arc;

use shared::client::Input;
use shared::frame::Deed as Wish;
use shared::id::{ConversationId, Seq};
use shared::model::Entry;
use shared::tab;
use shared::timeline::Timeline;

use super::client_id;
use crate::dice::Dice;
use crate::event::PageId;
use crate::oracle::{Broken, Composed};
use crate::world::World;

/// Emoji that people put under messages.
const EMOJI: [&str; 3] = ["👍", "❤️", "🎉"];

impl World {
    /// Somebody does something with one message of a conversation that their page shows, here or far above.
    pub(super) fn amend(&mut self, id: PageId, dice: &mut Dice) -> Result<(), Broken> {
        let Some(conversation) = self.conversation(id, dice) else { return Ok(()) };
        let device = self.pages[id].device;
        let me = self.template.people[self.devices[device].person].id;
        let messages: Vec<Arc<Entry>> = match self.pages[id].tab.client().room(conversation) {
            Some(room) => {
                let shown = room.timeline().entries().chain(room.windows().flat_map(Timeline::entries));
                shown.filter(|one| one.message().is_some()).cloned().collect()
            }
            None => return Ok(()),
        };
        let Some(entry) = dice.pick(&messages).cloned() else { return Ok(()) };
        let Some(wish) = wish(conversation, &entry, entry.author == me, dice) else { return Ok(()) };
        let client_id = client_id(dice);
        if wish.is_typed() {
            self.oracle.composed.push(Composed { author: me, page: id, conversation, client_id });
            self.devices[device].drafts.insert(client_id);
        }
        self.tell(id, tab::Event::Client(Input::Do(client_id, wish)))
    }
}

fn wish(conversation: ConversationId, entry: &Entry, is_mine: bool, dice: &mut Dice) -> Option<Wish> {
    let target = entry.seq;
    let on = dice.chance(70);
    Some(match dice.below(12) {
        0 | 1 if is_mine => {
            let body = format!("edited {:x}", dice.next()).try_into().ok()?;
            Wish::Edit { conversation, target, body }
        }
        2 | 3 if is_mine => Wish::Recall { conversation, target },
        4 | 5 => Wish::Pin { conversation, target, on },
        6..=8 => answer(conversation, target, dice)?,
        _ => {
            let emoji = (*dice.pick(&EMOJI)?).try_into().ok()?;
            Wish::React { conversation, target, emoji, on }
        }
    })
}

/// A reply, maybe in a thread, which maybe calls everybody.
fn answer(conversation: ConversationId, to: Seq, dice: &mut Dice) -> Option<Wish> {
    let call = if dice.chance(30) { "@all " } else { "" };
    let body = format!("{call}answer {:x}", dice.next()).try_into().ok()?;
    let thread = dice.chance(50).then_some(to);
    Some(Wish::Post { conversation, body, reply: Some(to), thread, card: None })
}
