//! What keeps a conversation that is busy for weeks from growing for as long.

use super::paging::LIVE;
use super::{Room, Told};
use crate::model::{Entry, UNREAD_COUNTED};

impl Room {
    /// Lets go of the oldest half of a live timeline that has grown too long. Whoever reads there has a window.
    pub(super) fn stay_small(&mut self) {
        let is_asking = self.paging.is_some_and(|asked| asked.viewer.is_none());
        // While the server has not answered how much is unread after this person's marker, entries are counted that go.
        let is_counted = self.told.read == self.read && !self.told.is_stale;
        if self.timeline.len() <= 2 * LIVE || is_asking || !is_counted {
            return;
        }
        let newest = self.timeline.newest(LIVE);
        let to = newest.floor().previous();
        if to > self.told.as_of {
            // What goes is counted once and for all.
            let counted = |counts: fn(&Entry, _) -> bool| {
                let after = self.timeline.after(self.told.as_of.max(self.read));
                let counted =
                    after.take_while(|entry| entry.seq <= to).filter(|entry| counts(entry, self.me));
                u32::try_from(counted.count()).unwrap_or(UNREAD_COUNTED)
            };
            let unread = self.told.unread.saturating_add(counted(Entry::counts_for)).min(UNREAD_COUNTED);
            let mentions = self.told.mentions.saturating_add(counted(Entry::calls)).min(UNREAD_COUNTED);
            self.told = Told { unread, mentions, as_of: to, ..self.told };
        }
        self.timeline = newest;
        if self.opened {
            self.want_all_quotes();
        }
    }
}
