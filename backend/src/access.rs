//! Rights as proofs: who holds a [`Member`] was let in by [`member`], the only maker of one.

use shared::code::Code;
use shared::id::{ConversationId, UserId};
use shared::model::Person;
use shared::permission::{Act, may};

use crate::app::App;
use crate::error::Error;

/// A person who is in a conversation. Methods of the store that write check once more, within their transaction.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    user: UserId,
    conversation: ConversationId,
}

impl Member {
    /// Who.
    pub const fn user(self) -> UserId {
        self.user
    }

    /// In which conversation.
    pub const fn conversation(self) -> ConversationId {
        self.conversation
    }
}

/// Proof that this person is in that conversation; strangers cannot tell it from one that does not exist.
pub async fn member(app: &App, user: UserId, conversation: ConversationId) -> Result<Member, Error> {
    app.store.membership(user, conversation).await?;
    Ok(Member { user, conversation })
}

/// Whether this person's role on the server allows that.
pub fn allowed(person: &Person, act: Act) -> Result<(), Error> {
    if may(person.role, act) { Ok(()) } else { Err(Error::Refused(Code::NotAllowed)) }
}
