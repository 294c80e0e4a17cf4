//! Telling what has happened. A hint, never the truth: `seq` heals what a bus drops, doubles or turns round.

use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::RwLock;
use shared::id::{ConversationId, SessionId, UserId};
use shared::model::Change;
use shared::receipt::Mark;

use crate::store::{Habits, ReadMarker};

/// Something that is in the store already.
#[derive(Debug, Clone)]
pub enum Event {
    /// A log grew.
    Changed(Change),
    /// These people came into a conversation, left it, or may see another part of it.
    MembersChanged {
        /// Which conversation.
        conversation: ConversationId,
        /// Who.
        users: Vec<UserId>,
    },
    /// A person read on.
    ReadMoved {
        /// Who.
        user: UserId,
        /// How far.
        marker: ReadMarker,
    },
    /// Something of a person's own changed.
    OwnChanged {
        /// Whose.
        user: UserId,
    },
    /// A device was signed out.
    Revoked {
        /// Which one.
        session: SessionId,
    },
    /// Somebody types. This alone is in no store.
    Typing {
        /// Where.
        conversation: ConversationId,
        /// Who.
        user: UserId,
    },
    /// People have come further in a conversation.
    Marked {
        /// In which one.
        conversation: ConversationId,
        /// How far: only of those who tell.
        marks: Vec<Mark>,
    },
    /// A person tells others more or less than before.
    HabitsChanged {
        /// Who.
        user: UserId,
        /// What from now on.
        habits: Habits,
    },
}

/// Carries events to everyone who listens, on this server and later on others.
///
/// Whoever publishes has stored first. Events of one conversation may arrive in another order than their `seq`.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Tells everyone.
    async fn publish(&self, event: Event);
    /// Whether an event may be lost on the way, so that listeners must look for themselves from time to time.
    fn is_lossy(&self) -> bool;
    /// From now on, tells this one too.
    fn subscribe(&self, listener: Arc<dyn Listener>);
}

/// Hears events. Must be quick and must not block.
pub trait Listener: Send + Sync {
    /// Something happened.
    fn hear(&self, event: &Event);
}

/// The bus of a server that is alone: listeners hear within `publish`.
#[derive(Default)]
pub struct LocalBus {
    listeners: RwLock<Vec<Arc<dyn Listener>>>,
}

#[async_trait]
impl Bus for LocalBus {
    async fn publish(&self, event: Event) {
        for listener in self.listeners.read().iter() {
            listener.hear(&event);
        }
    }

    fn is_lossy(&self) -> bool {
        false
    }

    fn subscribe(&self, listener: Arc<dyn Listener>) {
        self.listeners.write().push(listener);
    }
}
