//! One of several pages of the same account in one browser. One leads: it holds the socket and runs the client; the
//! others follow: they show the same, because they take the same steps, and tell the leader what their person does.
//!
//! The browser decides who leads (a lock that one page holds) and carries words between the pages (a channel). Both
//! are the shell's; here is only what to do. A leader that does not answer loses the lock to the first follower whose
//! person waits, and what it was told and did not do is done by the next one: deeds have an identity, so twice is once.

mod told;
mod word;

use crate::client::{Client, Effect, Input, Now, Part};
use crate::outbox::State;

pub use told::{Act, Event};
pub use word::{TabId, Word};

/// A leader that has not answered for so many milliseconds is taken for gone.
pub const PATIENCE: u64 = 1_500;

/// A page.
#[derive(Debug, Clone)]
pub struct Tab {
    id: TabId,
    client: Client,
    role: Role,
    /// What this page's person did, and no leader has done as far as is known.
    wanted: Vec<(u64, Input)>,
    wanted_so_far: u64,
    /// How often this page has led.
    terms: u32,
    /// What people did while this page, which has just begun to lead, still reads its storage: what is there was
    /// composed before.
    held: Vec<(Input, Option<(TabId, u64)>)>,
    /// The last wish of each other page that was taken up since this one leads.
    granted: Vec<(TabId, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Nobody has answered yet.
    Waiting,
    /// After so many steps of this leader.
    Follower { leader: (TabId, u32), steps: u64 },
    /// After so many steps; nobody is told of them before somebody listens.
    Leader { steps: u64, is_heard: bool, is_loading: bool },
}

impl Tab {
    /// A page with a number that no other page has.
    pub fn new(id: TabId) -> Self {
        Self {
            id,
            client: Client::default(),
            role: Role::Waiting,
            wanted: Vec::new(),
            wanted_so_far: 0,
            terms: 0,
            held: Vec::new(),
            granted: Vec::new(),
        }
    }

    /// Its number.
    pub fn id(&self) -> TabId {
        self.id
    }

    /// The client, as this page shows it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether this page holds the socket.
    pub fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader { .. })
    }

    /// Takes what happened; answers what to do.
    pub fn step(&mut self, now: Now, event: Event) -> Vec<Act> {
        let mut acts = Vec::new();
        match event {
            Event::Enter => self.ask(&mut acts),
            Event::Leads => self.lead(now, &mut acts),
            Event::Deposed => self.follow(&mut acts),
            Event::Heard(word) => self.hear(now, *word, &mut acts),
            Event::Fired => {
                let waits = self.role == Role::Waiting || !self.wanted.is_empty();
                if waits && !self.is_leader() {
                    acts.push(Act::Steal);
                }
            }
            Event::Client(input) if self.is_leader() => self.take(now, input, None, &mut acts),
            Event::Client(input) if input.is_of_person() => self.want(input, &mut acts),
            // A follower has no socket, storage or timers: this is of the time when it led.
            Event::Client(_) => {}
        }
        acts
    }

    /// Something for the client that leads: at once, but what people do waits for what storage holds.
    fn take(&mut self, now: Now, input: Input, wish: Option<(TabId, u64)>, acts: &mut Vec<Act>) {
        let Role::Leader { is_loading, .. } = &mut self.role else { return };
        if *is_loading && input.is_of_person() {
            self.held.push((input, wish));
            return;
        }
        *is_loading &= !matches!(input, Input::Restored(_));
        self.advance(now, input, wish, acts);
        if !matches!(self.role, Role::Leader { is_loading: true, .. }) {
            for (input, wish) in std::mem::take(&mut self.held) {
                self.advance(now, input, wish, acts);
            }
        }
    }

    /// A step of the leader, which every other page takes too.
    fn advance(&mut self, now: Now, input: Input, wish: Option<(TabId, u64)>, acts: &mut Vec<Act>) {
        let Role::Leader { steps, is_heard, .. } = &mut self.role else { return };
        *steps += 1;
        let word = is_heard.then(|| {
            let (leader, step, input) = ((self.id, self.terms), *steps, input.clone());
            Word::Step { leader, step, now, input, wish }
        });
        let effects = self.client.step(now, input);
        // The others are told first: what is performed may end this page.
        acts.extend(word.map(tell));
        acts.extend(effects.into_iter().map(Act::Perform));
    }

    fn want(&mut self, input: Input, acts: &mut Vec<Act>) {
        // The time that a leader has runs from the oldest wish: somebody who goes on and on must not prolong it.
        let is_first = self.wanted.is_empty();
        self.remember(input);
        self.wish(acts);
        if is_first {
            self.hope(acts);
        }
    }

    fn remember(&mut self, input: Input) {
        self.wanted_so_far += 1;
        self.wanted.push((self.wanted_so_far, input));
    }

    /// Tells whoever leads what is to be done.
    fn wish(&self, acts: &mut Vec<Act>) {
        if !self.wanted.is_empty() {
            let wishes = self.wanted.clone();
            acts.push(tell(Word::Wish { tab: self.id, wishes }));
        }
    }

    /// From now on a leader has its time for what is still wished.
    fn hope(&self, acts: &mut Vec<Act>) {
        if !self.wanted.is_empty() {
            acts.push(Act::Arm(PATIENCE));
        }
    }

    /// Does what a follower wishes, each thing once.
    fn grant(&mut self, now: Now, tab: TabId, wishes: Vec<(u64, Input)>, acts: &mut Vec<Act>) {
        if !self.is_leader() {
            return;
        }
        for (number, input) in wishes {
            let last = self.granted.iter().find(|(page, _)| *page == tab).map_or(0, |(_, last)| *last);
            if last < number {
                self.granted.retain(|(page, _)| *page != tab);
                self.granted.push((tab, number));
                self.take(now, input, Some((tab, number)), acts);
            }
        }
    }

    fn lead(&mut self, now: Now, acts: &mut Vec<Act>) {
        if self.is_leader() {
            return;
        }
        self.terms += 1;
        self.granted.clear();
        self.role = Role::Leader { steps: 0, is_heard: false, is_loading: true };
        acts.push(tell(Word::Lead { leader: (self.id, self.terms) }));
        acts.push(Act::Load);
        self.advance(now, Input::TakeOver, None, acts);
        for (number, input) in std::mem::take(&mut self.wanted) {
            self.take(now, input, Some((self.id, number)), acts);
        }
    }

    fn follow(&mut self, acts: &mut Vec<Act>) {
        if !self.is_leader() {
            return;
        }
        // What was held back is told to whoever leads now.
        for (input, wish) in std::mem::take(&mut self.held) {
            match wish {
                None => self.remember(input),
                Some((tab, number)) if tab == self.id => self.wanted.push((number, input)),
                // Its own page still wants it.
                Some(_) => {}
            }
        }
        acts.push(Act::ForgetTimers);
        acts.push(Act::Perform(Effect::Disconnect));
        self.ask(acts);
    }

    /// What this page shows may be old: it wants to know from whoever leads.
    fn ask(&mut self, acts: &mut Vec<Act>) {
        self.role = Role::Waiting;
        acts.push(tell(Word::Enter { tab: self.id }));
        acts.push(Act::Arm(PATIENCE));
    }

    fn hear(&mut self, now: Now, word: Word, acts: &mut Vec<Act>) {
        match word {
            Word::Enter { .. } => self.welcome(acts),
            Word::Lead { leader } => {
                if matches!(self.role, Role::Follower { leader: mine, .. } if mine != leader) {
                    self.ask(acts);
                }
            }
            Word::Wish { tab, wishes } => self.grant(now, tab, wishes, acts),
            Word::Snapshot { leader, step, client } => self.adopt(leader, step, *client, acts),
            // A page that led before has died, or will hear that it was deposed: what its person said goes on here.
            Word::Step { now, input: Input::Do(client_id, deed), wish, .. } if self.is_leader() => {
                // Two that lead for a moment must not tell each other the same for ever.
                if !self.client.knows(client_id, &deed) {
                    self.take(now, Input::Do(client_id, deed), wish, acts);
                }
            }
            Word::Step { leader, step, now, input, wish } => {
                let Role::Follower { leader: mine, steps } = &mut self.role else { return };
                if *mine == leader && *steps + 1 == step {
                    *steps = step;
                    let effects = self.client.step(now, input);
                    acts.extend(effects.into_iter().filter(Effect::is_shown).map(Act::Perform));
                    if let Some((_, number)) = wish.filter(|(tab, _)| *tab == self.id) {
                        self.wanted.retain(|(wanted, _)| *wanted != number);
                        self.hope(acts);
                    }
                } else if *mine != leader || *steps + 1 < step {
                    self.ask(acts);
                }
            }
        }
    }

    /// Shows from now on what this leader shows.
    fn adopt(&mut self, leader: (TabId, u32), step: u64, client: Client, acts: &mut Vec<Act>) {
        match self.role {
            // Two lead for a moment: the one that lost the lock will hear of it.
            Role::Leader { .. } => return,
            Role::Follower { leader: mine, .. } if mine == leader => return,
            Role::Follower { .. } | Role::Waiting => {}
        }
        let before = std::mem::replace(&mut self.client, client);
        self.role = Role::Follower { leader, steps: step };
        // What only this page knows of, because storage had not answered when it lost the lock.
        let lost = before.outbox().iter().filter(|pending| pending.state == State::Writing);
        let lost = lost.filter(|pending| self.client.outbox().get(pending.client_id).is_none());
        let lost: Vec<Input> =
            lost.map(|pending| Input::Do(pending.client_id, pending.deed.clone())).collect();
        let mut parts = before.parts();
        parts.extend(self.client.parts());
        acts.extend(parts.into_iter().map(|part: Part| Act::Perform(Effect::Changed(part))));
        for input in lost {
            self.remember(input);
        }
        self.wish(acts);
        self.hope(acts);
    }

    /// Another page is there: from now on it is told of every step.
    fn welcome(&mut self, acts: &mut Vec<Act>) {
        let Role::Leader { is_heard, steps, .. } = &mut self.role else { return };
        *is_heard = true;
        let client = Box::new(self.client.clone());
        acts.push(tell(Word::Snapshot { leader: (self.id, self.terms), step: *steps, client }));
    }
}

fn tell(word: Word) -> Act {
    Act::Tell(Box::new(word))
}

#[cfg(test)]
mod tests;
