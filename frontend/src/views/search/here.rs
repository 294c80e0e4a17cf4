//! Messages that this device keeps: what there is to look through without the server.

use std::cmp::Reverse;

use shared::client::Client;
use shared::http::{HITS, Hit};
use shared::id::ConversationId;
use shared::kept::marks;
use shared::list::List;
use shared::markup::links;
use shared::model::Entry;

use super::asking::Wanted;
use super::condition::{begins, meant};
use crate::state::State;
use crate::views::finder::Condition;
use crate::views::naming::is_me;

/// The newest that fit; none if somebody is named whom this device does not know.
pub(super) fn here(state: State, wanted: &Wanted) -> Vec<Hit> {
    let typed: Option<Vec<Condition>> = wanted.typed.iter().map(|filter| meant(state, filter)).collect();
    let Some(typed) = typed else { return Vec::new() };
    let conditions: Vec<&Condition> = wanted.conditions.iter().chain(&typed).collect();
    let mut hits = state.peek(|client| {
        let mut hits = Vec::new();
        for room in client.list() {
            let id = room.summary().id;
            let fits = |entry: &Entry| conditions.iter().all(|one| holds(client, one, id, entry));
            hits.extend(room.timeline().entries().filter_map(|entry| {
                let said = entry.message()?.body.as_str();
                let marks = marks(said, &wanted.words).filter(|_| fits(entry))?;
                Some(Hit { conversation: id, entry: Entry::clone(entry), marks: List::first(marks) })
            }));
        }
        hits
    });
    hits.sort_by_key(|hit| Reverse(hit.entry.at));
    hits.truncate(HITS);
    hits
}

fn holds(client: &Client, condition: &Condition, conversation: ConversationId, entry: &Entry) -> bool {
    match condition {
        Condition::From(id, _) => entry.author == *id,
        Condition::In(id, _) => conversation == *id,
        Condition::Before(day) => begins(*day).is_some_and(|begins| entry.at < begins),
        Condition::After(day) => begins(*day).is_some_and(|begins| entry.at >= begins),
        Condition::HasLink => entry.message().is_some_and(|post| !links(post.body.as_str()).is_empty()),
        // No message has one yet.
        Condition::HasFile => false,
        Condition::MentionsMe => {
            let calls = |id| entry.message().is_some_and(|post| post.mentions.calls(id));
            !is_me(client, entry.author) && client.me().is_some_and(|me| calls(me.id))
        }
    }
}
