//! What is one person's own: kept, and told to all their connections.

use shared::code::Code;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId, Seq, UserId};
use shared::model::Person;
use shared::own::{Own, Scheduled, Stage};
use shared::permission::Act;

use crate::access;
use crate::app::App;
use crate::bus::Event;
use crate::error::Error;
use crate::store::{Kept, NewChange};

/// Does a deed that changes the author's own state; answers which version it made. A retry gets the same answer and
/// changes nothing.
pub async fn perform(app: &App, me: &Person, client_id: ClientId, deed: Deed) -> Result<Seq, Error> {
    access::allowed(me, Act::Post)?;
    let new = NewChange { author: me.id, client_id, at: app.clock.now() };
    let is_habit = matches!(&deed, Deed::Keep { own } if is_habit(own.own()));
    let Kept { version, is_new } = match deed {
        Deed::Keep { own } => app.store.keep(new, own.into()).await?,
        Deed::Schedule { id, conversation, body, reply, thread, due } => {
            let stage = Stage::Waiting;
            let message = Scheduled { id, conversation, body, reply, thread, due, stage };
            let kept = app.store.schedule(new, message).await?;
            app.scheduled.notify_one();
            kept
        }
        Deed::Unschedule { id, .. } => app.store.unschedule(new, id).await?,
        _ => return Err(Error::Refused(Code::Malformed)),
    };
    if is_new {
        changed(app, me.id).await;
    }
    if is_habit {
        let habits = app.store.habits(me.id).await?;
        app.bus.publish(Event::HabitsChanged { user: me.id, habits }).await;
    }
    Ok(version)
}

/// Whether it decides what others are told of this person, and this person of others.
const fn is_habit(own: &Own) -> bool {
    matches!(own, Own::Receipts { .. } | Own::Typing { .. })
}

/// Keeps a draft that was made from version `base`; says whether it did, or a newer one stays.
pub async fn keep_draft(app: &App, user: UserId, draft: Own, base: Seq) -> Result<bool, Error> {
    let is_kept = app.store.keep_draft(user, draft, base).await?;
    if is_kept {
        changed(app, user).await;
    }
    Ok(is_kept)
}

/// Whoever writes in a thread follows it, unless they said something else.
pub async fn follow(app: &App, user: UserId, conversation: ConversationId, thread: Seq) {
    match app.store.follow(user, conversation, thread).await {
        Ok(true) => changed(app, user).await,
        Ok(false) => {}
        // The message is in the log; what follows from it is only a convenience.
        Err(error) => tracing::warn!(%error, "could not follow a thread: {error}"),
    }
}

/// Tells all connections of a person that something of theirs changed.
pub(super) async fn changed(app: &App, user: UserId) {
    app.bus.publish(Event::OwnChanged { user }).await;
}
