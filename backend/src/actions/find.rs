//! Looking people, channels and messages up.

use shared::http::{Channel, Channels, FOUND, Hit, MARKS, Moment, NAMED, People, Results};
use shared::id::{Timestamp, UserId};
use shared::model::{List, Person};
use shared::tokens::{self, Phrase};

use crate::access::Member;
use crate::app::App;
use crate::error::Error;
use crate::store::{self, FoundChannel, Search};

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
    Ok(Channels { channels: List::first(found.items.into_iter().map(channel)), more: found.more })
}

/// Messages that this person may see, and with the first of them the people and channels that are called so. Everyone
/// searches at a pace, as they write.
pub async fn search(app: &App, user: UserId, wanted: Search) -> Result<Results, Error> {
    app.searches.turn(user).await;
    let words = wanted.words.trim().to_owned();
    let phrases = tokens::phrases(&wanted.words);
    let names_count = !words.is_empty() && !is_narrowed(&wanted);
    let found = app.store.search(user, wanted).await?;
    let last = found.hits.last().filter(|_| found.more);
    let next = last.map(|hit| format!("{}.{}", hit.conversation, hit.entry.seq));
    let hits = List::first(found.hits.into_iter().map(|found| hit(found, &phrases)));
    if !names_count {
        return Ok(Results { people: List::default(), channels: List::default(), hits, next });
    }
    let people = app.store.find_people(words.clone(), NAMED).await?.items;
    let channels = app.store.find_channels(user, words, NAMED).await?.items.into_iter().map(channel);
    Ok(Results { people: List::first(people), channels: List::first(channels), hits, next })
}

/// Whether conditions are set that only messages meet.
fn is_narrowed(wanted: &Search) -> bool {
    *wanted != Search { words: wanted.words.clone(), limit: wanted.limit, ..Search::default() }
}

fn hit(found: store::Hit, phrases: &[Phrase]) -> Hit {
    let said = found.entry.message().map(|post| post.body.as_str());
    let marks = List::first(tokens::marks(said.unwrap_or_default(), phrases, MARKS));
    Hit { conversation: found.conversation, entry: found.entry, marks }
}

fn channel(found: FoundChannel) -> Channel {
    let FoundChannel { id, title, members, joined } = found;
    Channel { id, title, members, joined }
}

/// The first place of a conversation at or after a moment.
pub async fn first_at(app: &App, member: Member, moment: Timestamp) -> Result<Moment, Error> {
    let seq = app.store.first_at(member.user(), member.conversation(), moment).await?;
    Ok(Moment { seq })
}
