//! People, conversations, changes, and how changes fold into what a reader sees.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
pub use crate::list::{List, TooMany};
use crate::message::{CHOICES, Folded, Post, Was};
use crate::permission::ServerRole;
use crate::tagged::tagged;
use crate::text::{Body, DisplayName, Emoji, Line, Sound, Title, UserName};

/// Unread messages are counted up to here: what says 1,000 may be more. Counting on would cost the whole log.
pub const UNREAD_COUNTED: u32 = 1_000;

/// Most people that a group is made with at once, besides its maker.
pub const GROUP_PEOPLE: usize = 200;

/// Most people in a conversation when it is made: those chosen, and its maker.
pub const MADE_WITH: usize = GROUP_PEOPLE + 1;

/// An account as others see it: nothing here is secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Whose account it is.
    pub id: UserId,
    /// What they sign in with, and are mentioned by.
    pub name: UserName,
    /// What they are called.
    pub display: DisplayName,
    /// How that is read, where it has Chinese characters. Since level 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<Sound>,
    /// What they may do on this server.
    pub role: ServerRole,
}

/// What sort of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Two people.
    Direct,
    /// Chosen people.
    Group,
    /// Whoever wants to join.
    Channel,
    /// A kind of a newer server.
    #[serde(other)]
    Unknown,
}

/// One thing that happened in a conversation: one place in its log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// In which log.
    pub conversation: ConversationId,
    /// At which place.
    pub seq: Seq,
    /// When the server stored it; for display.
    pub at: Timestamp,
    /// Who did it.
    pub author: UserId,
    /// The deed it came from, by which its author knows it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// What happened.
    #[serde(deserialize_with = "readable")]
    pub what: What,
}

tagged! { "kind",
/// What happened. Changes are past tense; the deeds that ask for them are imperatives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The conversation was made, with these people in it from the start (its maker among them).
    Created {
        /// Everyone who was in it at the start.
        people: List<UserId, MADE_WITH>,
    },
    /// Somebody came in: by themselves, or brought in by the author.
    Joined {
        /// Who.
        user: UserId,
    },
    /// Somebody is no longer in it: left by themselves, or was removed by the author.
    Left {
        /// Who.
        user: UserId,
    },
    /// A message.
    Posted(Post),
    /// A message says something else now.
    Edited {
        /// Which one.
        target: Seq,
        /// What it says.
        body: Body,
    },
    /// A message was taken back, for everyone.
    Recalled {
        /// Which one.
        target: Seq,
        /// What it was.
        was: Was,
    },
    /// The author put an emoji under a message, or took theirs away.
    Reacted {
        /// Under which one.
        target: Seq,
        /// Which emoji.
        emoji: Emoji,
        /// Whether it is there now.
        on: bool,
    },
    /// A message was pinned to the conversation, or is no longer.
    Pinned {
        /// Which one.
        target: Seq,
        /// Whether it is now.
        on: bool,
    },
    /// The author voted in a poll; this takes the place of how they voted before.
    Voted {
        /// In which one.
        target: Seq,
        /// The choices taken, by their place from 0; none takes the vote back.
        choices: List<u8, CHOICES>,
    },
    /// A poll or chain takes no more.
    Closed {
        /// Which one.
        target: Seq,
    },
    /// The author added a line to a chain; it is named by the place of this change.
    Lined {
        /// To which one.
        target: Seq,
        /// What it says.
        text: Line,
    },
    /// The author took a line of theirs out of a chain.
    Unlined {
        /// Out of which one.
        target: Seq,
        /// The place of the change that added it.
        line: Seq,
    },
    /// A change of a newer server, or one that cannot be read: it keeps its place and shows nothing.
    #[serde(other)]
    Unknown,
}
}

/// Somebody comes into a conversation or goes out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// Who comes in.
    In(UserId),
    /// Who goes out.
    Out(UserId),
}

/// What cannot be read by these rules, because a newer server has wider ones, keeps its place and shows nothing: one
/// such change must not stop a conversation.
fn readable<'de, D: Deserializer<'de>>(from: D) -> Result<What, D::Error> {
    let text = Box::<RawValue>::deserialize(from)?;
    Ok(serde_json::from_str(text.get()).unwrap_or(What::Unknown))
}

impl What {
    /// A message that is nothing but its text.
    pub fn said(body: Body) -> Self {
        Self::Posted(Post::plain(body))
    }

    /// Whether this counts as unread for those who did not do it themselves: messages do, nothing else.
    pub const fn counts(&self) -> bool {
        matches!(self, Self::Posted(_))
    }

    /// The earlier entry that this alters. Such a change has a place in the log and is no entry of its own.
    pub const fn target(&self) -> Option<Seq> {
        match self {
            Self::Edited { target, .. }
            | Self::Recalled { target, .. }
            | Self::Reacted { target, .. }
            | Self::Pinned { target, .. }
            | Self::Voted { target, .. }
            | Self::Closed { target }
            | Self::Lined { target, .. }
            | Self::Unlined { target, .. } => Some(*target),
            Self::Created { .. }
            | Self::Joined { .. }
            | Self::Left { .. }
            | Self::Posted(_)
            | Self::Unknown => None,
        }
    }

    /// The first message of the thread in which this happens, whose count it changes.
    pub const fn thread(&self) -> Option<Seq> {
        match self {
            Self::Posted(post) => post.thread,
            Self::Recalled { was, .. } => was.thread,
            _ => None,
        }
    }

    /// Whose coming or going this is.
    pub const fn passage(&self) -> Option<Passage> {
        match self {
            Self::Joined { user } => Some(Passage::In(*user)),
            Self::Left { user } => Some(Passage::Out(*user)),
            // Those it was made with are in it before anyone can follow its log.
            _ => None,
        }
    }

    /// Whether this counts as unread for `reader` when `author` did it.
    pub fn counts_for(&self, author: UserId, reader: UserId) -> bool {
        self.counts() && author != reader
    }
}

/// What a reader sees of one place in the log after all changes up to some seq were folded into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The change that made it.
    pub seq: Seq,
    /// When that was; for display.
    pub at: Timestamp,
    /// Who did it.
    pub author: UserId,
    /// The deed it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ClientId>,
    /// What it shows now.
    #[serde(deserialize_with = "readable")]
    pub what: What,
    /// What later changes made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<Box<Folded>>,
}

impl Entry {
    /// The entry that a change makes by itself.
    pub fn of(change: Change) -> Self {
        let Change { conversation: _, seq, at, author, client_id, what } = change;
        Self { seq, at, author, client_id, what, more: None }
    }

    /// Whether it counts as unread for `reader`. What was taken back does not.
    pub fn counts_for(&self, reader: UserId) -> bool {
        self.what.counts_for(self.author, reader) && !self.is_recalled()
    }

    /// Whether it counts as unread for `reader` and calls them.
    pub fn calls(&self, reader: UserId) -> bool {
        self.counts_for(reader) && self.message().is_some_and(|post| post.mentions.calls(reader))
    }
}

/// A person's place in a conversation, which decides what of it they may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The first change they may see; 1 where newcomers see all of the history.
    pub visible_from: Seq,
    /// The last change they may see, when they are no longer in it.
    pub left: Option<Seq>,
}

impl Membership {
    /// The one rule of what a person may see: for live delivery, catch-up, history, unread counts and all else.
    pub fn visible(&self, seq: Seq) -> bool {
        seq >= self.visible_from && self.left.is_none_or(|left| seq <= left)
    }

    /// What it is for `user` after the log says this at `seq`. Who comes back sees all that they saw before, and what
    /// was said meanwhile.
    #[must_use]
    pub fn after(self, seq: Seq, passage: Passage, user: UserId) -> Self {
        match passage {
            Passage::In(who) if who == user => Self { left: None, ..self },
            Passage::Out(who) if who == user => Self { left: Some(seq), ..self },
            Passage::In(_) | Passage::Out(_) => self,
        }
    }
}

/// A conversation as its row in one person's list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Which one.
    pub id: ConversationId,
    /// What sort.
    pub kind: Kind,
    /// Its name; a direct conversation has none and is called by the other person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// How its name is read, where it has Chinese characters. Since level 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sound: Option<Sound>,
    /// The other person of a direct conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<UserId>,
    /// How many people are in it.
    pub members: u32,
    /// When it was made.
    pub made_at: Timestamp,
    /// The last place in its log when this was read.
    pub head: Seq,
    /// Up to where this person has read.
    pub read: Seq,
    /// How many changes in (`read`, `head`] count as unread for this person, at most [`UNREAD_COUNTED`].
    pub unread: u32,
    /// How many of those call this person, at most [`UNREAD_COUNTED`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mentions: u32,
    /// The newest message, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Entry>,
    /// On this connection the changes after this place will follow. A client whose cursor is elsewhere drops what it
    /// holds of this conversation and loads it anew.
    pub since: Seq,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(crate) const fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A short hash of one person's view of a conversation: FNV-1a (Fowler, Noll, Vo 1991) over the head, the read marker,
/// how many are unread, how many of those call them, and how many people are in it, each as eight bytes, the lowest
/// first.
pub fn print(as_of: Seq, read: Seq, unread: u32, mentions: u32, members: u32) -> u32 {
    let numbers = [as_of.get(), read.get(), u64::from(unread), u64::from(mentions), u64::from(members)];
    let bytes = numbers.into_iter().flat_map(u64::to_le_bytes);
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seq(number: u64) -> Seq {
        Seq::try_from(number).unwrap()
    }

    #[test]
    fn a_member_sees_from_joining_to_leaving() {
        let stayed = Membership { visible_from: seq(3), left: None };
        assert!(!stayed.visible(seq(2)) && stayed.visible(seq(3)) && stayed.visible(seq(900)));
        let gone = Membership { left: Some(seq(5)), ..stayed };
        assert!(gone.visible(seq(5)) && !gone.visible(seq(6)));
    }

    #[test]
    fn a_membership_follows_the_log() {
        let (me, other) = (1.try_into().unwrap(), 2.try_into().unwrap());
        let stayed = Membership { visible_from: seq(1), left: None };
        assert_eq!(stayed.after(seq(4), Passage::Out(other), me), stayed);
        let gone = stayed.after(seq(5), Passage::Out(me), me);
        assert!(gone.visible(seq(5)) && !gone.visible(seq(6)));
        assert_eq!(gone.after(seq(7), Passage::In(other), me), gone);
        assert_eq!(gone.after(seq(8), Passage::In(me), me), stayed);
    }

    #[test]
    fn a_change_of_a_newer_server_keeps_its_place() {
        let json = r#"{"conversation":1,"seq":9,"at":0,"author":2,"what":{"kind":"juggled","balls":3}}"#;
        assert_eq!(serde_json::from_str::<Change>(json).unwrap().what, What::Unknown);
        let long = "x".repeat(9_000);
        let json = format!(
            r#"{{"conversation":1,"seq":9,"at":0,"author":2,"what":{{"kind":"posted","body":"{long}"}}}}"#
        );
        assert_eq!(serde_json::from_str::<Change>(&json).unwrap().what, What::Unknown);
    }
}
