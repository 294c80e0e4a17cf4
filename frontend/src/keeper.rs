//! Which conversations are to be kept anew, told by comparing where each stands with where it stood when it was kept.

use shared::client::{Client, Room, Stored};
use shared::id::{ConversationId, Epoch, Seq};
use shared::sorted::{self, Map};

use crate::storage::Changes;

/// The newest conversations, whose history is fetched before somebody looks at them.
const FETCHED: usize = 30;

/// What storage holds, as far as this page knows.
#[derive(Debug, Default)]
pub struct Keeper {
    epoch: Option<Epoch>,
    marks: Map<ConversationId, Mark>,
    has_people: bool,
    has_own: bool,
    fetched: sorted::Set<ConversationId>,
}

/// Where a conversation stands: whatever is kept of it moves one of these.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    cursor: Seq,
    floor: Seq,
    head: Seq,
    read: Seq,
    unread: u32,
    members: u32,
}

impl Mark {
    fn of(room: &Room) -> Self {
        let (summary, timeline) = (room.summary(), room.timeline());
        let (cursor, floor, head) = (timeline.cursor(), timeline.floor(), summary.head);
        Self { cursor, floor, head, read: room.read(), unread: room.unread(), members: summary.members }
    }
}

impl Keeper {
    /// Storage holds this.
    pub fn of(stored: &Stored) -> Self {
        let mut marks = Map::new();
        marks.extend(stored.rooms.iter().map(|room| (room.summary().id, Mark::of(room))));
        let epoch = stored.account.as_ref().map(|account| account.epoch);
        Self {
            epoch,
            marks,
            has_people: epoch.is_some(),
            has_own: epoch.is_some(),
            fetched: sorted::Set::new(),
        }
    }

    /// Somebody's name came, or is another.
    pub fn people_changed(&mut self) {
        self.has_people = false;
    }

    /// Something of this person's own changed.
    pub fn own_changed(&mut self) {
        self.has_own = false;
    }

    /// What storage lacks of what is shown; `None` when it lacks nothing, or nobody is known yet.
    pub fn changes(&mut self, client: &Client) -> Option<Changes> {
        let account = client.kept_account()?;
        let is_anew = self.epoch.replace(account.epoch) != Some(account.epoch);
        if is_anew {
            self.marks.clear();
            self.has_people = false;
            self.has_own = false;
        }
        let mut changes = Changes { is_anew, ..Changes::default() };
        let mut before = std::mem::take(&mut self.marks);
        for room in client.list() {
            let (id, mark) = (room.summary().id, Mark::of(room));
            if before.remove(&id).as_ref() != Some(&mark) {
                changes.rooms.extend(client.kept_room(id));
            }
            self.marks.insert(id, mark);
        }
        changes.gone.extend(before.into_iter().map(|(id, _)| id));
        changes.account = (!std::mem::replace(&mut self.has_people, true)).then_some(account);
        if !std::mem::replace(&mut self.has_own, true) {
            changes.mine = client.kept_mine();
        }
        let is_something = is_anew
            || changes.mine.is_some()
            || changes.account.is_some()
            || !changes.rooms.is_empty()
            || !changes.gone.is_empty();
        is_something.then_some(changes)
    }

    /// The next conversation without any history here, the newest first; each is named once.
    pub fn wants(&mut self, client: &Client) -> Option<ConversationId> {
        let is_empty = |room: &&Room| room.timeline().is_empty() && !room.timeline().reaches_the_beginning();
        let newest = client.list().into_iter().take(FETCHED).filter(is_empty);
        let id = newest.map(|room| room.summary().id).find(|id| !self.fetched.contains(id))?;
        self.fetched.insert(id);
        Some(id)
    }
}
