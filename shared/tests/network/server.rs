//! A model of the server: one log, deeds done once, and a stream of changes for each connection.

use std::collections::HashMap;

use shared::code::Code;
use shared::frame::{ClientFrame, Deed, LEVEL, ServerFrame};
use shared::id::{ClientId, ConversationId, Epoch, Seq, Timestamp, UserId};
use shared::model::{Change, Entry, Kind, List, Person as Account, Summary, What};
use shared::permission::ServerRole;
use uuid::Uuid;

use crate::Dice;
use crate::person::Person;

pub(crate) struct Server {
    log: Vec<Change>,
    deeds: HashMap<(UserId, ClientId), Seq>,
    read: HashMap<UserId, Seq>,
    /// For each person with a greeted connection: up to where the log was sent.
    cursors: HashMap<UserId, Seq>,
    /// Refuses everything for the moment.
    pub(crate) busy: bool,
}

pub(crate) fn lobby() -> ConversationId {
    ConversationId::try_from(1).unwrap()
}

impl Server {
    pub(crate) fn with_people(count: u64) -> Self {
        let people: Vec<UserId> = (1..=count).map(|n| n.try_into().unwrap()).collect();
        let made = Change {
            conversation: lobby(),
            seq: Seq::ZERO.next(),
            at: Timestamp(0),
            author: people[0],
            client_id: None,
            what: What::Created { people: List::first(people) },
        };
        Self {
            log: vec![made],
            deeds: HashMap::new(),
            read: HashMap::new(),
            cursors: HashMap::new(),
            busy: false,
        }
    }

    /// Everything said, as (author, text).
    pub(crate) fn said(&self) -> Vec<(UserId, String)> {
        self.log
            .iter()
            .filter_map(|change| match &change.what {
                What::Posted { body } => Some((change.author, body.to_string())),
                _ => None,
            })
            .collect()
    }

    pub(crate) fn unread(&self, user: UserId) -> u32 {
        let read = self.read.get(&user).copied().unwrap_or(Seq::ZERO);
        let count = self.log.iter().filter(|c| c.seq > read && c.what.counts_for(c.author, user)).count();
        u32::try_from(count).unwrap()
    }

    /// All connections are lost; the log stays.
    pub(crate) fn restart(&mut self, people: &mut [Person], clock: Timestamp, dice: &mut Dice) {
        for person in people {
            person.cut_cable(self, clock, dice);
        }
    }

    pub(crate) fn hang_up(&mut self, user: UserId) {
        self.cursors.remove(&user);
    }

    /// What the server says to one frame.
    pub(crate) fn take(&mut self, user: UserId, frame: ClientFrame, clock: Timestamp) -> Vec<ServerFrame> {
        if self.busy {
            let (client_id, conversation) = match &frame {
                ClientFrame::Do { client_id, .. } => (Some(*client_id), None),
                ClientFrame::Read { .. } | ClientFrame::Page { .. } => (None, Some(lobby())),
                _ => (None, None),
            };
            if client_id.is_some() || conversation.is_some() {
                return vec![ServerFrame::Refused {
                    client_id,
                    conversation,
                    code: Code::Busy,
                    retry_after: None,
                }];
            }
        }
        match frame {
            ClientFrame::Hello { epoch, cursors, .. } => {
                let known = cursors.iter().find(|(id, _)| *id == lobby()).map(|(_, seq)| *seq);
                let known = known.filter(|seq| epoch == Some(EPOCH) && *seq <= self.head());
                vec![self.welcome(user, known)]
            }
            ClientFrame::Do { client_id, deed } => vec![self.perform(user, client_id, deed, clock)],
            ClientFrame::Read { seq, .. } => {
                let read = self.read.entry(user).or_default();
                *read = (*read).max(seq);
                let seq = *read;
                let unread = self.unread(user);
                vec![ServerFrame::Read { conversation: lobby(), seq, unread, as_of: self.head() }]
            }
            ClientFrame::Page { before, limit, .. } => vec![self.page(before, limit)],
            ClientFrame::CatchUp { after, .. } => {
                self.cursors.insert(user, after);
                Vec::new()
            }
            ClientFrame::People { .. } => Vec::new(),
            ClientFrame::Ping => vec![ServerFrame::Pong],
            ClientFrame::Refresh { .. } => panic!("nothing here is wrong"),
        }
    }

    /// The changes that this person's connection lacks.
    pub(crate) fn news(&mut self, user: UserId) -> Vec<ServerFrame> {
        let head = self.head();
        let Some(cursor) = self.cursors.get_mut(&user) else { return Vec::new() };
        let from = std::mem::replace(cursor, head);
        let news = self.log.iter().filter(|change| change.seq > from);
        news.map(|change| ServerFrame::Changed { change: change.clone() }).collect()
    }

    fn head(&self) -> Seq {
        self.log.last().unwrap().seq
    }

    fn perform(&mut self, user: UserId, client_id: ClientId, deed: Deed, at: Timestamp) -> ServerFrame {
        let Deed::Post { conversation, body } = deed else { panic!("nobody asks for that here") };
        let known = self.deeds.get(&(user, client_id)).copied();
        let seq = known.unwrap_or_else(|| {
            let seq = self.head().next();
            let what = What::Posted { body };
            self.log.push(Change { conversation, seq, at, author: user, client_id: Some(client_id), what });
            self.deeds.insert((user, client_id), seq);
            seq
        });
        ServerFrame::Done { client_id, conversation, seq }
    }

    fn page(&self, before: Option<Seq>, limit: u16) -> ServerFrame {
        let below = before.unwrap_or(self.head().next());
        let older: Vec<&Change> = self.log.iter().filter(|change| change.seq < below).collect();
        let entries = older.iter().rev().take(limit.into()).rev().map(|change| Entry::of((*change).clone()));
        let entries = List::first(entries);
        let from = entries.first().map_or(Seq::ZERO.next(), |entry| entry.seq);
        ServerFrame::Page { conversation: lobby(), before, from, as_of: self.head(), entries }
    }

    fn welcome(&mut self, user: UserId, known: Option<Seq>) -> ServerFrame {
        let head = self.head();
        let since = known.unwrap_or(head);
        self.cursors.insert(user, since);
        let said = self.log.iter().rev().find(|change| matches!(change.what, What::Posted { .. }));
        let summary = Summary {
            id: lobby(),
            kind: Kind::Channel,
            title: Some("Lobby".try_into().unwrap()),
            with: None,
            members: 2,
            made_at: Timestamp(0),
            head,
            read: self.read.get(&user).copied().unwrap_or(Seq::ZERO),
            unread: self.unread(user),
            last: said.cloned().map(Entry::of),
            since,
        };
        ServerFrame::Welcome {
            level: LEVEL,
            epoch: EPOCH,
            now: Timestamp(0),
            me: account(user),
            conversations: List::first([summary]),
            people: List::first([account(user)]),
        }
    }
}

const EPOCH: Epoch = Epoch(Uuid::from_u128(7));

fn account(user: UserId) -> Account {
    Account {
        id: user,
        name: format!("user{user}").as_str().try_into().unwrap(),
        display: format!("User {user}").as_str().try_into().unwrap(),
        role: ServerRole::Member,
    }
}
