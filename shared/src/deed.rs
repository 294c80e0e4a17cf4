//! What a person wants done: the imperatives that become changes in a log.

use crate::id::{ClientId, ConversationId, Seq, Timestamp, UserId};
use crate::message::{CHOICES, Card, Was};
use crate::model::{GROUP_PEOPLE, List, What};
use crate::own::Setting;
use crate::tagged::tagged;
use crate::text::{Body, Emoji, Line, Title};
tagged! { "kind",
/// What a person wants done. Each becomes at most one change, however often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Say something.
    Post {
        /// Where.
        conversation: ConversationId,
        /// What.
        body: Body,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Seq>,
        /// The first message of the thread it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<Seq>,
        /// What people can fill in below it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        card: Option<Card>,
    },
    /// Say once more what was said elsewhere, under its author's name.
    Forward {
        /// Where to.
        conversation: ConversationId,
        /// Where from.
        from: ConversationId,
        /// Which message there.
        target: Seq,
    },
    /// Say something else in a message of one's own.
    Edit {
        /// Where.
        conversation: ConversationId,
        /// Which message.
        target: Seq,
        /// What it is to say.
        body: Body,
    },
    /// Take back a message of one's own, for everyone.
    Recall {
        /// Where.
        conversation: ConversationId,
        /// Which message.
        target: Seq,
    },
    /// Put an emoji under a message, or take one's own away.
    React {
        /// Where.
        conversation: ConversationId,
        /// Under which message.
        target: Seq,
        /// Which emoji.
        emoji: Emoji,
        /// Whether it is to be there.
        on: bool,
    },
    /// Pin a message to its conversation, or take it down.
    Pin {
        /// Where.
        conversation: ConversationId,
        /// Which message.
        target: Seq,
        /// Whether it is to be pinned.
        on: bool,
    },
    /// Vote in a poll, in place of how one voted before.
    Vote {
        /// Where.
        conversation: ConversationId,
        /// In which poll.
        target: Seq,
        /// Which choices, by their place from 0; none takes the vote back.
        choices: List<u8, CHOICES>,
    },
    /// Let a poll or chain of one's own take no more.
    Close {
        /// Where.
        conversation: ConversationId,
        /// Which one.
        target: Seq,
    },
    /// Add a line to a chain.
    AddLine {
        /// Where.
        conversation: ConversationId,
        /// To which chain.
        target: Seq,
        /// What it says.
        text: Line,
    },
    /// Take a line of one's own out of a chain.
    DropLine {
        /// Where.
        conversation: ConversationId,
        /// Out of which chain.
        target: Seq,
        /// The place of the change that added it.
        line: Seq,
    },
    /// Make a channel, which anyone may join.
    MakeChannel {
        /// Its name.
        title: Title,
    },
    /// Make a group of these people and oneself.
    MakeGroup {
        /// Its name.
        title: Title,
        /// The others.
        people: List<UserId, GROUP_PEOPLE>,
    },
    /// Open the one direct conversation with a person; `with` oneself is a place for notes.
    OpenDirect {
        /// The other person.
        with: UserId,
    },
    /// Join a channel.
    Join {
        /// Which one.
        conversation: ConversationId,
    },
    /// Bring a person into a group.
    Add {
        /// Which one.
        conversation: ConversationId,
        /// Whom.
        user: UserId,
    },
    /// Take a person out of a group or channel.
    Remove {
        /// Which one.
        conversation: ConversationId,
        /// Whom.
        user: UserId,
    },
    /// Leave a group or channel.
    Leave {
        /// Which one.
        conversation: ConversationId,
    },
    /// Set something of one's own. Answered by `kept`. Since level 3.
    Keep {
        /// What, and how.
        own: Setting,
    },
    /// Say something later, or change what is to be said later. Answered by `kept`. Since level 3.
    Schedule {
        /// The `client_id` that the message will have; it names what is scheduled.
        id: ClientId,
        /// Where.
        conversation: ConversationId,
        /// What.
        body: Body,
        /// The message it answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Seq>,
        /// The first message of the thread it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<Seq>,
        /// When; what has passed already means now.
        due: Timestamp,
    },
    /// Do not say it. Answered by `kept`. Since level 3.
    Unschedule {
        /// What was scheduled.
        id: ClientId,
        /// Where, so that it keeps its place behind what it takes back.
        conversation: ConversationId,
    },
}
}

impl Deed {
    /// Say this and no more.
    pub const fn post(conversation: ConversationId, body: Body) -> Self {
        Self::Post { conversation, body, reply: None, thread: None, card: None }
    }

    /// The message that it alters.
    pub const fn target(&self) -> Option<Seq> {
        match self {
            Self::Edit { target, .. }
            | Self::Recall { target, .. }
            | Self::React { target, .. }
            | Self::Pin { target, .. }
            | Self::Vote { target, .. }
            | Self::Close { target, .. }
            | Self::AddLine { target, .. }
            | Self::DropLine { target, .. } => Some(*target),
            _ => None,
        }
    }

    /// What the log will say of the message that it alters, when `author` does it.
    pub fn amends(&self, author: UserId) -> Option<What> {
        Some(match self {
            Self::Edit { target, body, .. } => What::Edited { target: *target, body: body.clone() },
            Self::Recall { target, .. } => What::Recalled { target: *target, was: Was::of(author) },
            Self::React { target, emoji, on, .. } => {
                What::Reacted { target: *target, emoji: emoji.clone(), on: *on }
            }
            Self::Pin { target, on, .. } => What::Pinned { target: *target, on: *on },
            Self::Vote { target, choices, .. } => What::Voted { target: *target, choices: choices.clone() },
            Self::Close { target, .. } => What::Closed { target: *target },
            Self::AddLine { target, text, .. } => What::Lined { target: *target, text: text.clone() },
            Self::DropLine { target, line, .. } => What::Unlined { target: *target, line: *line },
            _ => return None,
        })
    }

    /// Whether somebody typed what it says, so that it must not be lost when it is refused.
    pub const fn is_typed(&self) -> bool {
        matches!(self, Self::Post { .. } | Self::Edit { .. } | Self::AddLine { .. } | Self::Schedule { .. })
    }

    /// Whether it changes this person's own state and no log.
    pub const fn is_own(&self) -> bool {
        matches!(self, Self::Keep { .. } | Self::Schedule { .. } | Self::Unschedule { .. })
    }

    /// Whether it shows in the timeline of its conversation while it is on its way: as a row, or in the message that it
    /// alters.
    pub const fn is_shown(&self) -> bool {
        matches!(self, Self::Post { .. } | Self::Forward { .. }) || self.target().is_some()
    }

    /// The conversation it happens in, if that is known before it is done.
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Post { conversation, .. }
            | Self::Forward { conversation, .. }
            | Self::Edit { conversation, .. }
            | Self::Recall { conversation, .. }
            | Self::React { conversation, .. }
            | Self::Pin { conversation, .. }
            | Self::Vote { conversation, .. }
            | Self::Close { conversation, .. }
            | Self::AddLine { conversation, .. }
            | Self::DropLine { conversation, .. }
            | Self::Join { conversation }
            | Self::Add { conversation, .. }
            | Self::Remove { conversation, .. }
            | Self::Leave { conversation }
            | Self::Schedule { conversation, .. }
            | Self::Unschedule { conversation, .. } => Some(*conversation),
            Self::Keep { own } => own.conversation(),
            Self::MakeChannel { .. } | Self::MakeGroup { .. } | Self::OpenDirect { .. } => None,
        }
    }
}
