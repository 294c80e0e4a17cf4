//! What must hold, in a run and after it: the invariants by their numbers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use backend::store::Disk;
use shared::client::{Client, Room};
use shared::frame::ServerFrame;
use shared::id::{ClientId, ConversationId, Seq, UserId};
use shared::model::{Change, Entry, UNREAD_COUNTED, What};
use shared::outbox::State;
use shared::timeline::Timeline;

use crate::event::{PageId, PipeId};
use crate::folded::{fold, is_withheld, quotes};
use crate::truth::{conversations, members, own, read_log, standings};

/// What does not hold.
pub(crate) type Broken = String;

/// A message somebody composed.
pub(crate) struct Composed {
    pub(crate) author: UserId,
    pub(crate) page: PageId,
    pub(crate) conversation: ConversationId,
    pub(crate) client_id: ClientId,
}

/// Knows everything, and compares.
pub(crate) struct Oracle {
    disk: Arc<Disk>,
    /// The logs as they were read so far.
    logs: BTreeMap<ConversationId, Vec<Change>>,
    /// What each connection was told last of each conversation.
    told: BTreeMap<(PipeId, ConversationId), Seq>,
    acked: BTreeMap<(UserId, ClientId), (ConversationId, Seq)>,
    pub(crate) composed: Vec<Composed>,
    /// What was refused once, tried again or given up: its place says nothing of when it was composed.
    pub(crate) settled: BTreeSet<ClientId>,
    /// A client that found its own copy wrong: nobody tampers here, so something is.
    alarm: Option<Broken>,
}

impl Oracle {
    pub(crate) fn new(disk: &Arc<Disk>) -> Self {
        Self {
            disk: Arc::clone(disk),
            logs: BTreeMap::new(),
            told: BTreeMap::new(),
            acked: BTreeMap::new(),
            composed: Vec::new(),
            settled: BTreeSet::new(),
            alarm: None,
        }
    }

    /// A client was told that a deed is in the log.
    pub(crate) fn acked(
        &mut self,
        author: UserId,
        client_id: ClientId,
        place: (ConversationId, Seq),
    ) -> Result<(), Broken> {
        let first = *self.acked.entry((author, client_id)).or_insert(place);
        ensure(first == place, || format!("I2: {client_id} is at {first:?}, and then at {place:?}"))
    }

    /// A client gives up what it holds.
    pub(crate) fn alarm(&mut self, broken: Broken) {
        self.alarm.get_or_insert(broken);
    }

    /// A frame has arrived at somebody's page.
    pub(crate) fn heard(&mut self, pipe: PipeId, user: UserId, frame: &ServerFrame) -> Result<(), Broken> {
        match frame {
            ServerFrame::Welcome { conversations, .. } => {
                for summary in conversations.iter() {
                    self.told.insert((pipe, summary.id), summary.since);
                }
                Ok(())
            }
            ServerFrame::Gone { conversation } => {
                self.told.remove(&(pipe, *conversation));
                Ok(())
            }
            ServerFrame::Conversation { summary } => {
                self.told.insert((pipe, summary.id), summary.since);
                Ok(())
            }
            ServerFrame::Skipped { conversation, to } => {
                let last = self.told.entry((pipe, *conversation)).or_default();
                *last = (*last).max(*to);
                Ok(())
            }
            ServerFrame::Changed { change } => {
                let last = self.told.insert((pipe, change.conversation), change.seq).unwrap_or_default();
                ensure(change.seq <= last.next(), || {
                    format!(
                        "I4: connection {pipe} tells {} of conversation {} after {last}",
                        change.seq, change.conversation
                    )
                })?;
                self.seen(user, change.conversation, &[Entry::of(change.clone())], Seq::ZERO)
            }
            ServerFrame::Page { conversation, entries, as_of, .. } => {
                self.seen(user, *conversation, entries, *as_of)
            }
            ServerFrame::Entries { conversation, entries, as_of } => {
                self.seen(user, *conversation, entries, *as_of)
            }
            _ => Ok(()),
        }
    }

    /// Somebody sees entries with all changes up to a place folded in, and maybe some after it: they must be what the log
    /// makes of them, and theirs to see.
    fn seen(
        &mut self,
        user: UserId,
        conversation: ConversationId,
        entries: &[Entry],
        as_of: Seq,
    ) -> Result<(), Broken> {
        let reach = |entry: &Entry| entry.more.as_ref().map_or(as_of, |more| more.as_of.max(as_of));
        let Some(end) = entries.iter().map(|entry| reach(entry).max(entry.seq)).max() else { return Ok(()) };
        let log = self.log_up_to(conversation, end)?;
        let first =
            |entry: &Entry| Some((entry.seq, (reach(entry), Entry::of(log.get(index(entry.seq))?.clone()))));
        let mut known: BTreeMap<Seq, (Seq, Entry)> = entries.iter().filter_map(first).collect();
        for change in log.iter().take_while(|change| change.seq <= end) {
            for concerned in [change.what.target(), change.what.thread()].into_iter().flatten() {
                if let Some((reach, entry)) = known.get_mut(&concerned)
                    && change.seq <= *reach
                {
                    entry.fold(change);
                }
            }
        }
        let left = left_at(log, user);
        for entry in entries {
            let (seq, known) = (entry.seq, known.remove(&entry.seq).map(|(_, known)| known));
            let is_so = known.as_ref() == Some(entry) || self.is_withheld(conversation, known, entry)?;
            ensure(is_so, || {
                format!("I3: conversation {conversation} has something else at {seq} than {user} was told")
            })?;
        }
        // Also what is folded in lies in the log at a place that is theirs to see or not.
        let newest = |entry: &Entry| entry.more.as_ref().map_or(entry.seq, |more| more.as_of.max(entry.seq));
        let Some(last) = entries.iter().map(newest).max() else { return Ok(()) };
        if left.is_none_or(|left| last <= left) {
            return Ok(());
        }
        // They may have come back since.
        let left = left_at(self.log_up_to(conversation, Seq::LAST)?, user);
        ensure(left.is_none_or(|left| last <= left), || {
            format!("I8: {user} was told of {last} in conversation {conversation}, having left at {left:?}")
        })
    }

    /// Whether this is what the log says without the words of a message that was taken back later.
    fn is_withheld(
        &mut self,
        conversation: ConversationId,
        known: Option<Entry>,
        told: &Entry,
    ) -> Result<bool, Broken> {
        let Some(mut known) = known else { return Ok(false) };
        let said = known.what.target().unwrap_or(known.seq);
        let is_recall =
            |change: &Change| matches!(change.what, What::Recalled { target, .. } if target == said);
        let was_recalled = self.log_up_to(conversation, Seq::LAST)?.iter().any(is_recall);
        known.what.withhold();
        Ok(was_recalled && known == *told)
    }

    /// The log as far as it is known, read on if `seq` is not in it.
    fn log_up_to(&mut self, conversation: ConversationId, seq: Seq) -> Result<&[Change], Broken> {
        let log = self.logs.entry(conversation).or_default();
        if (log.len() as u64) < seq.get() {
            let more = read_log(&self.disk, conversation, log.len())?;
            log.extend(more);
        }
        Ok(log)
    }

    /// All of the log, as the disk has it now: what was seen before must still be there.
    pub(crate) fn read_again(&mut self) -> Result<(), Broken> {
        for conversation in conversations(&self.disk)? {
            let log = read_log(&self.disk, conversation, 0)?;
            let before = self.logs.insert(conversation, log).unwrap_or_default();
            let now = &self.logs[&conversation];
            ensure(now.len() >= before.len() && now[..before.len()] == before[..], || {
                format!("I1: conversation {conversation} has lost or changed what was announced")
            })?;
        }
        Ok(())
    }

    /// An older state of the database is the truth now: what came after it is lost, unless somebody still has it.
    pub(crate) fn restored(&mut self) -> Result<(), Broken> {
        self.logs.clear();
        self.told.clear();
        for conversation in conversations(&self.disk)? {
            self.logs.insert(conversation, read_log(&self.disk, conversation, 0)?);
        }
        let logs = &self.logs;
        let is_there = |deed: &(UserId, ClientId), place: &(ConversationId, Seq)| {
            let change = logs.get(&place.0).and_then(|log| log.get(index(place.1)));
            change.is_some_and(|change| (change.author, change.client_id) == (deed.0, Some(deed.1)))
        };
        let lost: Vec<(UserId, ClientId)> =
            self.acked.iter().filter(|(deed, place)| !is_there(deed, place)).map(|(deed, _)| *deed).collect();
        for deed in lost {
            self.acked.remove(&deed);
            self.settled.insert(deed.1);
        }
        Ok(())
    }

    /// Whether a page shows what the logs say, all of it.
    pub(crate) fn agrees(&self, client: &Client, user: UserId) -> Result<(), Broken> {
        let standings = standings(&self.disk, user)?;
        let shown: BTreeSet<ConversationId> = client.list().iter().map(|room| room.summary().id).collect();
        let wanted: BTreeSet<ConversationId> = standings.iter().map(|standing| standing.0).collect();
        ensure(shown == wanted, || format!("I5: {user} sees {shown:?} and is in {wanted:?}"))?;
        for (conversation, head, read) in standings {
            let Some(room) = client.room(conversation) else { continue };
            let log: &[Change] = self.logs.get(&conversation).map_or(&[], Vec::as_slice);
            let (cursor, floor) = (room.timeline().cursor(), room.timeline().floor());
            ensure(cursor == head, || {
                format!("I5: {user} is at {cursor} of {head} in conversation {conversation}")
            })?;
            let folded = fold(log, cursor);
            let visible = folded.range(floor..).map(|(_, entry)| entry);
            ensure(visible.eq(room.timeline().entries().map(|entry| &**entry)), || {
                format!("I4: {user} does not see the log of conversation {conversation} from {floor} on")
            })?;
            let is_of_the_log = |window: &Timeline| {
                let visible = folded.range(window.floor()..=window.cursor()).map(|(_, entry)| entry);
                visible.eq(window.entries().map(|entry| &**entry))
            };
            ensure(room.windows().all(is_of_the_log), || {
                format!("I4: {user} went to a place of conversation {conversation} and does not see the log")
            })?;
            quotes(room, &folded).map_err(|broken| format!("I4: {user} in {conversation}: {broken}"))?;
            let unread = |counts: fn(&Entry, UserId) -> bool| {
                let unread = folded.range(read.next()..).filter(|(_, entry)| counts(entry, user));
                u32::try_from(unread.count()).unwrap_or(u32::MAX).min(UNREAD_COUNTED)
            };
            let counted = (unread(Entry::counts_for), unread(Entry::calls));
            ensure((room.unread(), room.mentions()) == counted && room.read() == read, || {
                let (shown, marker) = ((room.unread(), room.mentions()), room.read());
                format!(
                    "I10: {user} sees {shown:?} unread after {marker} in conversation {conversation}, not {counted:?} after {read}"
                )
            })?;
            let members = members(&self.disk, conversation)?;
            ensure(room.summary().members == members, || {
                format!(
                    "I11: {user} sees {} members in conversation {conversation}, not {members}",
                    room.summary().members
                )
            })?;
        }
        let (own, mut mine) = (own(&self.disk, user)?, client.mine().slots().cloned().collect::<Vec<_>>());
        mine.sort_by_key(|slot| slot.version);
        ensure(own == mine, || format!("I11: {user} has {mine:?} of their own, not {own:?}"))?;
        ensure(!client.has_drafts_on_their_way(), || format!("I5: a draft of {user} still waits"))?;
        let waiting = client.outbox().iter().find(|pending| !matches!(pending.state, State::Failed { .. }));
        ensure(waiting.is_none(), || format!("I5: {waiting:?} still waits"))
    }

    /// What holds of the logs when all is over; `kept` is what devices still have of what was composed.
    pub(crate) fn verdict(&self, kept: &BTreeSet<ClientId>) -> Result<(), Broken> {
        ensure(self.alarm.is_none(), || self.alarm.clone().unwrap_or_default())?;
        let mut places: BTreeMap<(UserId, ClientId), (ConversationId, Seq)> = BTreeMap::new();
        for change in self.logs.values().flatten() {
            let Some(client_id) = change.client_id else { continue };
            let place = (change.conversation, change.seq);
            let first = places.insert((change.author, client_id), place);
            ensure(first.is_none(), || format!("I2: {client_id} is at {first:?} and at {place:?}"))?;
        }
        for (deed, place) in &self.acked {
            // A deed that found everything done has no change of its own.
            let is_there = places.get(deed).is_none_or(|found| found == place);
            let was_composed = self.composed.iter().any(|composed| composed.client_id == deed.1);
            ensure(is_there && (!was_composed || places.contains_key(deed)), || {
                format!("I1: {} was acknowledged at {place:?} and is at {:?}", deed.1, places.get(deed))
            })?;
        }
        let mut last: BTreeMap<(PageId, ConversationId), Seq> = BTreeMap::new();
        for composed in &self.composed {
            let Composed { author, page, conversation, client_id } = composed;
            let Some((_, seq)) = places.get(&(*author, *client_id)) else {
                ensure(kept.contains(client_id) || self.settled.contains(client_id), || {
                    format!("I6: {client_id}, composed on page {page}, is nowhere")
                })?;
                continue;
            };
            if self.settled.contains(client_id) {
                continue;
            }
            let before = last.insert((*page, *conversation), *seq);
            ensure(before.is_none_or(|before| before < *seq), || {
                format!("I7: {client_id} of page {page} is at {seq}, before what was composed before it")
            })?;
        }
        Ok(())
    }

    /// Whether what a device keeps for when there is no network is of the log.
    pub(crate) fn is_of_the_log(&self, rooms: &BTreeMap<ConversationId, Room>) -> Result<(), Broken> {
        for (conversation, room) in rooms {
            let log: &[Change] = self.logs.get(conversation).map_or(&[], Vec::as_slice);
            let folded = fold(log, room.timeline().cursor());
            for entry in room.timeline().entries() {
                let is_so = folded.get(&entry.seq) == Some(&**entry) || is_withheld(log, entry);
                ensure(is_so, || {
                    format!(
                        "I4: a device keeps something else at {} of conversation {conversation}",
                        entry.seq
                    )
                })?;
            }
        }
        Ok(())
    }
}

pub(crate) fn ensure(holds: bool, broken: impl FnOnce() -> Broken) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(broken()) }
}

fn index(seq: Seq) -> usize {
    usize::try_from(seq.get()).unwrap_or(usize::MAX).saturating_sub(1)
}

/// Where this person went, if they are not there now.
fn left_at(log: &[Change], user: UserId) -> Option<Seq> {
    let mut left = Some(Seq::ZERO);
    for change in log {
        match &change.what {
            What::Created { people } if people.contains(&user) => left = None,
            What::Joined { user: who } if *who == user => left = None,
            What::Left { user: who } if *who == user => left = Some(change.seq),
            _ => {}
        }
    }
    left
}
