//! Where the pages of a browser stand apart from the live end: one place for each page at most.

use super::{Client, Effect, End, Now, Part, Room, Viewer};
use crate::id::{ConversationId, Seq};

/// Most windows of all pages together. A page may end without saying so; the one opened first is given up then.
const WINDOWS: usize = 16;

impl Client {
    pub(super) fn go_to(
        &mut self,
        now: Now,
        viewer: Viewer,
        place: (ConversationId, Seq),
        effects: &mut Vec<Effect>,
    ) {
        self.stand_at(viewer, place.0, effects, |room| room.go_to(viewer, place.1, now.at));
    }

    pub(super) fn detach(
        &mut self,
        now: Now,
        viewer: Viewer,
        place: (ConversationId, Seq),
        effects: &mut Vec<Effect>,
    ) {
        self.stand_at(viewer, place.0, effects, |room| room.detach(viewer, place.1, now.at));
    }

    /// A page stands apart in one conversation, and in no other.
    fn stand_at(
        &mut self,
        viewer: Viewer,
        id: ConversationId,
        effects: &mut Vec<Effect>,
        stand: impl FnOnce(&mut Room),
    ) {
        self.leave_windows(viewer, |room| room != id, effects);
        if let Some(room) = self.rooms.get_mut(&id) {
            stand(room);
            effects.push(Effect::Changed(Part::Conversation(id)));
        }
        self.bound_windows(effects);
    }

    pub(super) fn extend(&mut self, viewer: Viewer, end: End, effects: &mut Vec<Effect>) {
        for (id, room) in &mut self.rooms {
            if room.viewers().any(|(_, who)| who == viewer) {
                room.extend(viewer, end);
                effects.push(Effect::Changed(Part::Conversation(*id)));
            }
        }
    }

    /// A page stands at the live end of these conversations.
    pub(super) fn leave_windows(
        &mut self,
        viewer: Viewer,
        which: impl Fn(ConversationId) -> bool,
        effects: &mut Vec<Effect>,
    ) {
        for (id, room) in self.rooms.iter_mut().filter(|(id, _)| which(**id)) {
            if room.leave_window(viewer) {
                effects.push(Effect::Changed(Part::Conversation(*id)));
            }
        }
    }

    fn bound_windows(&mut self, effects: &mut Vec<Effect>) {
        let viewers = || self.rooms.values().flat_map(Room::viewers);
        if viewers().count() > WINDOWS
            && let Some((_, oldest)) = viewers().min()
        {
            self.leave_windows(oldest, |_| true, effects);
        }
    }
}
