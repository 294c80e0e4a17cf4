//! What a message is made of, and what later changes make of it.

use serde::{Deserialize, Serialize};

use crate::id::{ConversationId, Seq, Timestamp, UserId};
use crate::model::{Change, Entry, List, What};
use crate::tagged::tagged;
use crate::text::{Body, Choice, Emoji, Line};

/// Most people whom one message mentions by name.
pub const MENTIONED: usize = 200;
/// Most choices of a poll.
pub const CHOICES: usize = 10;
/// Fewest choices of a poll.
pub const CHOICES_MIN: usize = 2;
/// Most different emoji under one message.
pub const REACTIONS: usize = 20;
/// Most emoji that people put under one message, and most people who vote in one poll: it is told in one piece.
pub const REACTED: usize = 2_000;
/// Most lines of one chain.
pub const LINES: usize = 500;
/// Most bytes of all lines of one chain: whoever alters it has all of them written again.
pub const LINES_BYTES: usize = 32 * 1024;

/// A message as it was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What it says; the question of a poll, the title of a chain.
    pub body: Body,
    /// The message it answers, in the same conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Seq>,
    /// The message whose thread it belongs to. It stands in the conversation all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
    /// Whose words these are, when somebody forwarded them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forwarded: Option<Forwarded>,
    /// Whom it calls.
    #[serde(default, skip_serializing_if = "Mentions::is_empty")]
    pub mentions: Mentions,
    /// What people can fill in below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
}

impl Post {
    /// A message that is nothing but its text.
    pub fn plain(body: Body) -> Self {
        Self { body, reply: None, thread: None, forwarded: None, mentions: Mentions::default(), card: None }
    }
}

/// Where forwarded words come from. The server fills it in: nobody can put words into another's mouth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forwarded {
    /// Who said them.
    pub author: UserId,
    /// When; for display.
    pub at: Timestamp,
    /// Where they stand; told only to whoever keeps them in their own place for notes, and so can go back there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<(ConversationId, Seq)>,
}

/// Whom a message calls. Found by the server in the text when the message is posted; an edit calls nobody anew.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentions {
    /// These people: called by name, or there when those here were called.
    #[serde(default)]
    pub users: List<UserId, MENTIONED>,
    /// Everybody in the conversation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everybody: bool,
}

impl Mentions {
    /// Whether it calls nobody.
    pub fn is_empty(&self) -> bool {
        self.users.is_empty() && !self.everybody
    }

    /// Whether it calls this person.
    pub fn calls(&self, user: UserId) -> bool {
        self.everybody || self.users.contains(&user)
    }
}

tagged! { "kind",
/// What people can fill in below a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Card {
    /// A question with choices.
    Poll {
        /// From [`CHOICES_MIN`] to [`CHOICES`] of them.
        choices: List<Choice, CHOICES>,
        /// Whether one person may take several.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        many: bool,
    },
    /// A list to which everyone adds lines (接龙).
    Chain,
    /// A card of a newer server.
    #[serde(other)]
    Unknown,
}
}

/// What a message was when it was recalled: enough to count on without having it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    /// Who had said it.
    pub author: UserId,
    /// The thread it belonged to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
    /// Whom it called.
    #[serde(default, skip_serializing_if = "Mentions::is_empty")]
    pub mentions: Mentions,
}

impl Was {
    /// A message of this author's of which nothing else is known.
    pub fn of(author: UserId) -> Self {
        Self { author, thread: None, mentions: Mentions::default() }
    }
}

/// What later changes made of an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folded {
    /// The last change that is folded in.
    pub as_of: Seq,
    /// When the text was last changed; for display.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Timestamp>,
    /// Who took it back. Its text is gone then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recalled: Option<UserId>,
    /// Whether it is pinned to the conversation.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pinned: bool,
    /// The emoji under it, in the order they first came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<Reaction>,
    /// What was voted for, in the order of the first votes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub votes: Vec<(UserId, List<u8, CHOICES>)>,
    /// Whether its poll or chain takes no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// The lines of its chain, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ChainLine>,
    /// The thread that it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread>,
}

/// One emoji under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// Which one.
    pub emoji: Emoji,
    /// Whose, in the order they came; never empty.
    pub users: Vec<UserId>,
}

/// One line of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainLine {
    /// The change that added it, by which it is named.
    pub seq: Seq,
    /// Whose.
    pub user: UserId,
    /// What it says.
    pub text: Line,
}

/// The replies in a thread, as its first message tells of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// How many there are; recalled ones do not count.
    pub count: u32,
    /// The newest one that ever was.
    pub last: Seq,
    /// When that was; for display.
    pub at: Timestamp,
}

impl Folded {
    /// What one change does to the entry at `target`; the rest of the entry is `what`.
    fn take(&mut self, what: &mut What, change: &Change) {
        self.as_of = change.seq;
        match &change.what {
            What::Edited { body, .. } => {
                if let What::Posted(post) = what {
                    post.body.clone_from(body);
                    self.edited = Some(change.at);
                }
            }
            What::Recalled { .. } => self.recall(what, change),
            What::Reacted { emoji, on, .. } => self.react(change.author, emoji, *on),
            What::Pinned { on, .. } => self.pinned = *on,
            What::Voted { choices, .. } => self.vote(change.author, choices),
            What::Closed { .. } => self.closed = true,
            What::Lined { text, .. } => {
                self.lines.push(ChainLine { seq: change.seq, user: change.author, text: text.clone() });
            }
            What::Unlined { line, .. } => self.lines.retain(|known| known.seq != *line),
            _ => {}
        }
    }

    fn recall(&mut self, what: &mut What, change: &Change) {
        let thread = self.thread.take();
        *self = Self { as_of: change.seq, recalled: Some(change.author), thread, ..Self::default() };
        if let What::Posted(post) = what {
            *post = Post { thread: post.thread, ..Post::plain(Body::recalled()) };
        }
    }

    fn react(&mut self, user: UserId, emoji: &Emoji, on: bool) {
        let known = self.reactions.iter_mut().find(|reaction| reaction.emoji == *emoji);
        match (known, on) {
            (Some(reaction), true) if !reaction.users.contains(&user) => reaction.users.push(user),
            (Some(reaction), false) => reaction.users.retain(|who| *who != user),
            (None, true) => self.reactions.push(Reaction { emoji: emoji.clone(), users: vec![user] }),
            (Some(_), true) | (None, false) => {}
        }
        self.reactions.retain(|reaction| !reaction.users.is_empty());
    }

    fn vote(&mut self, user: UserId, choices: &List<u8, CHOICES>) {
        match self.votes.iter_mut().find(|(who, _)| *who == user) {
            Some((_, before)) => before.clone_from(choices),
            None => self.votes.push((user, choices.clone())),
        }
        self.votes.retain(|(_, choices)| !choices.is_empty());
    }

    /// A reply in the thread of this entry came or was recalled.
    fn count(&mut self, change: &Change) {
        self.as_of = change.seq;
        match &change.what {
            What::Posted(_) => {
                let count = self.thread.map_or(0, |thread| thread.count) + 1;
                self.thread = Some(Thread { count, last: change.seq, at: change.at });
            }
            What::Recalled { .. } => {
                if let Some(thread) = &mut self.thread {
                    thread.count = thread.count.saturating_sub(1);
                }
            }
            _ => {}
        }
    }
}

impl What {
    /// Takes the words out of a change of a message that was taken back. What is counted by stays.
    pub fn withhold(&mut self) {
        match self {
            Self::Posted(post) => {
                let (thread, mentions) = (post.thread, std::mem::take(&mut post.mentions));
                *post = Post { thread, mentions, ..Post::plain(Body::recalled()) };
            }
            Self::Edited { body, .. } => *body = Body::recalled(),
            _ => {}
        }
    }
}

impl Entry {
    /// Folds a later change in, if it concerns this entry and is not in it yet. Answers whether it did.
    pub fn fold(&mut self, change: &Change) -> bool {
        let is_known = self.more.as_ref().is_some_and(|more| change.seq <= more.as_of);
        if is_known || change.seq <= self.seq {
            return false;
        }
        let is_target = change.what.target() == Some(self.seq);
        if !is_target && change.what.thread() != Some(self.seq) {
            return false;
        }
        let more = self.more.get_or_insert_default();
        if is_target {
            more.take(&mut self.what, change);
        } else {
            more.count(change);
        }
        true
    }

    /// What it would show once `what`, done by `author` at `at`, is in the log after all that is folded in already.
    pub fn foresee(&mut self, what: What, author: UserId, at: Timestamp, conversation: ConversationId) {
        let as_of = self.more.as_ref().map_or(Seq::ZERO, |more| more.as_of);
        let seq = as_of.max(self.seq).next();
        self.fold(&Change { conversation, seq, at, author, client_id: None, what });
        if let Some(more) = &mut self.more {
            more.as_of = as_of;
        }
    }

    /// Its message, unless it was recalled or is none.
    pub fn message(&self) -> Option<&Post> {
        match &self.what {
            What::Posted(post) if !self.is_recalled() => Some(post),
            _ => None,
        }
    }

    /// Whether it is a message that was taken back.
    pub fn is_recalled(&self) -> bool {
        self.more.as_ref().is_some_and(|more| more.recalled.is_some())
    }
}
