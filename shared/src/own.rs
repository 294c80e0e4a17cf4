//! What is one person's own and the same on all their devices: drafts, scheduled messages, levels, followed threads.
//!
//! Each value stands in a slot. A change gives its slot the person's next version, so that a device that names the
//! last version it has is told the newest value of what changed since, and nothing twice.

use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::id::{ClientId, ConversationId, Seq, Timestamp};
use crate::tagged::tagged;
use crate::text::{Body, DraftText};

/// Most slots told of in one frame: with the largest drafts there are, it stays below 1 MiB.
pub const SLOTS_TOLD: usize = 50;
/// Most slots that one person has.
pub const SLOTS: u32 = 20_000;
/// Most messages that one person has scheduled.
pub const SCHEDULED: u32 = 200;

/// A value and its version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// Its place in the order of this person's changes.
    pub version: Seq,
    /// What is in it.
    pub own: Own,
}

tagged! { "kind",
/// What a slot holds. It names its slot too: [`Own::key`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Own {
    /// What was typed and not sent.
    Draft {
        /// Where.
        conversation: ConversationId,
        /// In which thread.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thread: Option<Seq>,
        /// What; empty when there is none any more.
        text: DraftText,
        /// To which message.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reply: Option<Seq>,
    },
    /// Which messages of a conversation are worth a notification.
    Level {
        /// Of which conversation.
        conversation: ConversationId,
        /// Which ones.
        level: Level,
    },
    /// Whether a thread is followed, or was left: what nobody said is decided by who wrote in it.
    Follow {
        /// In which conversation.
        conversation: ConversationId,
        /// The message that the thread answers.
        thread: Seq,
        /// Whether it is.
        on: bool,
    },
    /// A message that is to be posted later.
    Scheduled(Scheduled),
    /// A scheduled message that was posted, or taken back.
    Unscheduled {
        /// Which one.
        id: ClientId,
    },
    /// Whether others are told up to where this person has read.
    Receipts {
        /// Whether they are.
        on: bool,
    },
    /// Whether others are told that this person is typing.
    Typing {
        /// Whether they are.
        on: bool,
    },
    /// A kind of a newer server, to be ignored.
    #[serde(other)]
    Unknown,
}
}

/// Which messages of a conversation are worth a notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// All.
    #[default]
    All,
    /// Those that mention this person; the conversation is muted.
    Mentions,
    /// None.
    None,
    /// A level of a newer server.
    #[serde(other)]
    Unknown,
}

/// A message that is to be posted later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The `client_id` that it will be posted with: so it is posted once, whatever breaks meanwhile.
    pub id: ClientId,
    /// Where.
    pub conversation: ConversationId,
    /// What.
    pub body: Body,
    /// To which message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<Seq>,
    /// In which thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<Seq>,
    /// When, by the server's clock.
    pub due: Timestamp,
    /// How far it got.
    pub stage: Stage,
}

tagged! { "kind",
/// How far a scheduled message got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It waits for its time.
    Waiting,
    /// It is being posted: from here on it is too late to change it.
    Sending,
    /// It could not be posted; it waits for its author.
    Failed {
        /// Why.
        code: Code,
    },
    /// A stage of a newer server.
    #[serde(other)]
    Unknown,
}
}

impl Own {
    /// The name of its slot. Values of the same slot replace one another.
    pub fn key(&self) -> String {
        match self {
            Self::Draft { conversation, thread, .. } => draft_key(*conversation, *thread),
            Self::Level { conversation, .. } => level_key(*conversation),
            Self::Follow { conversation, thread, .. } => follow_key(*conversation, *thread),
            Self::Scheduled(Scheduled { id, .. }) | Self::Unscheduled { id } => scheduled_key(*id),
            Self::Receipts { .. } => RECEIPTS.to_owned(),
            Self::Typing { .. } => TYPING.to_owned(),
            Self::Unknown => "unknown".to_owned(),
        }
    }

    /// Whether it says no more than an empty slot would, but for its version.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Draft { text, .. } => text.as_str().is_empty(),
            Self::Unscheduled { .. } => true,
            _ => false,
        }
    }

    /// When somebody has to look at it: a scheduled message that has not been posted.
    pub const fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Scheduled(Scheduled { due, stage: Stage::Waiting | Stage::Sending, .. }) => Some(*due),
            _ => None,
        }
    }
}

/// The slot of the question whether others are told what this person has read.
pub const RECEIPTS: &str = "receipts";
/// The slot of the question whether others are told that this person is typing.
pub const TYPING: &str = "typing";
/// What the slots of scheduled messages begin with.
pub const SCHEDULED_PREFIX: &str = "scheduled:";

/// The slot of a draft.
pub fn draft_key(conversation: ConversationId, thread: Option<Seq>) -> String {
    match thread {
        Some(thread) => format!("draft:{conversation}:{thread}"),
        None => format!("draft:{conversation}"),
    }
}

/// The slot of a level.
pub fn level_key(conversation: ConversationId) -> String {
    format!("level:{conversation}")
}

/// The slot of a thread.
pub fn follow_key(conversation: ConversationId, thread: Seq) -> String {
    format!("follow:{conversation}:{thread}")
}

/// The slot of a scheduled message.
pub fn scheduled_key(id: ClientId) -> String {
    format!("{SCHEDULED_PREFIX}{id}")
}

/// What a person sets with one deed: a level, a thread, receipts, typing. Drafts and scheduled messages have ways of
/// their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Own", into = "Own")]
pub struct Setting(Own);

/// Something that is not set in this way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a setting")]
pub struct NotASetting;

impl Setting {
    /// The value.
    pub const fn own(&self) -> &Own {
        &self.0
    }

    /// The conversation that it is about.
    pub const fn conversation(&self) -> Option<ConversationId> {
        match &self.0 {
            Own::Level { conversation, .. } | Own::Follow { conversation, .. } => Some(*conversation),
            _ => None,
        }
    }

    /// A level for a conversation.
    pub const fn level(conversation: ConversationId, level: Level) -> Self {
        Self(Own::Level { conversation, level })
    }

    /// A thread to be followed, or left.
    pub const fn follow(conversation: ConversationId, thread: Seq, on: bool) -> Self {
        Self(Own::Follow { conversation, thread, on })
    }

    /// Whether others are told what this person has read.
    pub const fn receipts(on: bool) -> Self {
        Self(Own::Receipts { on })
    }

    /// Whether others are told that this person is typing.
    pub const fn typing(on: bool) -> Self {
        Self(Own::Typing { on })
    }
}

impl TryFrom<Own> for Setting {
    type Error = NotASetting;
    fn try_from(own: Own) -> Result<Self, NotASetting> {
        match own {
            Own::Level { level: Level::Unknown, .. } => Err(NotASetting),
            Own::Level { .. } | Own::Follow { .. } | Own::Receipts { .. } | Own::Typing { .. } => {
                Ok(Self(own))
            }
            Own::Draft { .. } | Own::Scheduled(_) | Own::Unscheduled { .. } | Own::Unknown => {
                Err(NotASetting)
            }
        }
    }
}

impl From<Setting> for Own {
    fn from(Setting(own): Setting) -> Own {
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_named_by_what_it_is_about() {
        let (lobby, root): (ConversationId, Seq) = (1.try_into().unwrap(), 7.try_into().unwrap());
        let draft = |text: &str, thread| Own::Draft {
            conversation: lobby,
            thread,
            text: text.try_into().unwrap(),
            reply: None,
        };
        assert_eq!(draft("a", None).key(), draft("", None).key());
        assert_ne!(draft("a", None).key(), draft("a", Some(root)).key());
        assert!(draft("", None).is_empty() && !draft(" ", None).is_empty());
    }

    #[test]
    fn only_settings_are_settings() {
        let read = |json: &str| serde_json::from_str::<Setting>(json).is_ok();
        assert!(read(r#"{"kind":"level","conversation":1,"level":"mentions"}"#));
        assert!(read(r#"{"kind":"receipts","on":false}"#));
        assert!(!read(r#"{"kind":"level","conversation":1,"level":"loud"}"#));
        assert!(!read(r#"{"kind":"draft","conversation":1,"text":""}"#));
        assert!(!read(r#"{"kind":"folder"}"#));
    }

    #[test]
    fn what_a_newer_server_keeps_is_ignored() {
        let slot = r#"{"version":3,"own":{"kind":"folder","name":"work"}}"#;
        assert_eq!(serde_json::from_str::<Slot>(slot).unwrap().own, Own::Unknown);
    }
}
