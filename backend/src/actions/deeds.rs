//! Deeds: each becomes at most one change, which is stored and then announced.

use shared::code::Code;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId, Seq};
use shared::mention::HERE;
use shared::model::{Kind, Person, What};
use shared::permission::Act;

use super::own;
use crate::access;
use crate::app::App;
use crate::bus::Event;
use crate::error::Error;
use crate::meter::{self, Fate};
use crate::store::{NewChange, Outcome, Say};

/// Does what a person wants done; says where it is in the log. A retry gets the same answer and changes nothing.
///
/// Whether the person is in the conversation is decided by the store, within the transaction that appends.
pub async fn perform(
    app: &App,
    me: &Person,
    client_id: ClientId,
    deed: Deed,
) -> Result<(ConversationId, Seq), Error> {
    let done = store(app, me, client_id, deed).await;
    meter::deed(match &done {
        Ok(Outcome { change: Some(_), .. }) => Fate::Stored,
        Ok(Outcome { change: None, .. }) => Fate::Found,
        Err(_) => Fate::Refused,
    });
    let outcome = done?;
    let place = (outcome.conversation, outcome.seq);
    let thread = outcome.change.as_ref().and_then(|change| match &change.what {
        What::Posted(post) => post.thread,
        _ => None,
    });
    if outcome.emptied {
        own::changed(app, me.id).await;
    }
    announce(app, outcome).await;
    if let Some(thread) = thread {
        own::follow(app, me.id, place.0, thread).await;
    }
    Ok(place)
}

async fn store(app: &App, me: &Person, client_id: ClientId, deed: Deed) -> Result<Outcome, Error> {
    access::allowed(me, act(&deed))?;
    let new = NewChange { author: me.id, client_id, at: app.clock.now() };
    let store = &app.store;
    let stored = match deed {
        Deed::Post { conversation, body, reply, thread, card } => {
            let said = body.as_str().to_lowercase();
            let calls = HERE.iter().any(|word| said.contains(word));
            let here = if calls { app.hub.online(conversation).into_iter().collect() } else { Vec::new() };
            store.post(new, conversation, Say { body, reply, thread, card, here }).await?
        }
        Deed::Forward { conversation, from, target } => {
            store.forward(new, conversation, (from, target)).await?
        }
        amend @ (Deed::Edit { .. }
        | Deed::Recall { .. }
        | Deed::React { .. }
        | Deed::Pin { .. }
        | Deed::Vote { .. }
        | Deed::Close { .. }
        | Deed::AddLine { .. }
        | Deed::DropLine { .. }) => store.amend(new, amend).await?,
        Deed::MakeChannel { title } => store.make(new, Kind::Channel, title, Vec::new()).await?,
        Deed::MakeGroup { title, people } => store.make(new, Kind::Group, title, people.into_vec()).await?,
        Deed::OpenDirect { with } => store.open_direct(new, with).await?,
        Deed::Join { conversation } => store.join(new, conversation).await?,
        Deed::Add { conversation, user } => store.add(new, conversation, user).await?,
        Deed::Remove { conversation, user } => store.remove(new, conversation, user).await?,
        Deed::Leave { conversation } => store.remove(new, conversation, me.id).await?,
        // These go into no log: `own` does them.
        Deed::Keep { .. } | Deed::Schedule { .. } | Deed::Unschedule { .. } => {
            return Err(Error::Refused(Code::Malformed));
        }
    };
    Ok(stored)
}

const fn act(deed: &Deed) -> Act {
    match deed {
        Deed::Post { .. }
        | Deed::Forward { .. }
        | Deed::Keep { .. }
        | Deed::Schedule { .. }
        | Deed::Unschedule { .. } => Act::Post,
        Deed::Edit { .. } => Act::Edit,
        Deed::Recall { .. } => Act::Recall,
        Deed::React { .. } => Act::React,
        Deed::Pin { .. } => Act::Pin,
        Deed::Vote { .. } | Deed::Close { .. } | Deed::AddLine { .. } | Deed::DropLine { .. } => Act::FillIn,
        Deed::MakeChannel { .. } => Act::MakeChannel,
        Deed::MakeGroup { .. } => Act::MakeGroup,
        Deed::OpenDirect { .. } => Act::OpenDirect,
        Deed::Join { .. } => Act::JoinChannel,
        Deed::Add { .. } => Act::AddPerson,
        Deed::Remove { .. } => Act::RemovePerson,
        Deed::Leave { .. } => Act::Leave,
    }
}

/// Tells those who were there, then those who came in or went out. What a retry found was told before.
async fn announce(app: &App, outcome: Outcome) {
    let Some(change) = outcome.change else { return };
    let conversation = change.conversation;
    let users = match &change.what {
        What::Created { people } => people.to_vec(),
        What::Joined { user } | What::Left { user } => vec![*user],
        _ => Vec::new(),
    };
    app.bus.publish(Event::Changed(change)).await;
    meter::published();
    if !users.is_empty() {
        app.bus.publish(Event::MembersChanged { conversation, users }).await;
    }
}
