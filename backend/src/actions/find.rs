//! Looking people and channels up.

use shared::http::{Channel, Channels, FOUND, People};
use shared::id::UserId;
use shared::model::{List, Person};

use crate::access::Member;
use crate::app::App;
use crate::error::Error;

/// Those of these people that exist.
pub async fn people(app: &App, ids: Vec<UserId>) -> Result<Vec<Person>, Error> {
    Ok(app.store.people(ids).await?)
}

/// People whose names contain the query.
pub async fn find_people(app: &App, query: String) -> Result<People, Error> {
    let found = app.store.find_people(query, FOUND).await?;
    Ok(People { people: List::first(found.items), more: found.more })
}

/// The people who are in a conversation of this member's.
pub async fn members(app: &App, member: Member) -> Result<People, Error> {
    let found = app.store.members(member.user(), member.conversation(), FOUND).await?;
    Ok(People { people: List::first(found.items), more: found.more })
}

/// Channels whose titles contain the query.
pub async fn find_channels(app: &App, user: UserId, query: String) -> Result<Channels, Error> {
    let found = app.store.find_channels(user, query, FOUND).await?;
    let channels = found.items.into_iter().map(|found| Channel {
        id: found.id,
        title: found.title,
        members: found.members,
        joined: found.joined,
    });
    Ok(Channels { channels: List::first(channels), more: found.more })
}
