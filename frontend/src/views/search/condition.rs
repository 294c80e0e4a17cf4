//! Conditions: what the filters that people type mean here, and how the server is told.

use leptos::prelude::*;
use shared::client::Client;
use shared::fuzzy::Score;
use shared::id::Timestamp;
use shared::model::Person;
use shared::query::{Day, Filter, Query};

use crate::browser;
use crate::locales::{Words, words_in};
use crate::state::State;
use crate::views::finder::{Condition, Search};
use crate::views::naming::title_of;
use crate::views::switcher::fit_of_person;

/// Sets a condition, in place of another one of its kind.
pub(super) fn put(conditions: &mut Vec<Condition>, condition: Condition) {
    let key = param(&condition).0;
    conditions.retain(|one| param(one).0 != key);
    conditions.push(condition);
}

/// How the server is told of it.
pub(super) fn param(condition: &Condition) -> (&'static str, String) {
    let day = |day: &Day| begins(*day).map(|at| at.0.to_string()).unwrap_or_default();
    match condition {
        Condition::From(id, _) => ("from", id.to_string()),
        Condition::In(id, _) => ("in", id.to_string()),
        Condition::Before(date) => ("before", day(date)),
        Condition::After(date) => ("after", day(date)),
        Condition::HasLink => ("has", "link".to_owned()),
        Condition::HasFile => ("has", "file".to_owned()),
        Condition::MentionsMe => ("mentions", "me".to_owned()),
    }
}

/// When a day begins where this person is.
pub(super) fn begins(day: Day) -> Option<Timestamp> {
    browser::day_in_field(&day.to_string())
}

/// What it is called.
pub(super) fn label(condition: &Condition, words: &Words) -> String {
    let words = &words.search;
    match condition {
        Condition::From(_, name) => (words.from_whom)(name),
        Condition::In(_, title) => (words.in_which)(title),
        Condition::Before(day) => (words.before_when)(&day.to_string()),
        Condition::After(day) => (words.after_when)(&day.to_string()),
        Condition::HasLink => words.has_link.to_owned(),
        Condition::HasFile => words.has_file.to_owned(),
        Condition::MentionsMe => words.mentions_me.to_owned(),
    }
}

/// What a filter means, as far as this device knows.
pub(super) fn meant(state: State, filter: &Filter) -> Option<Condition> {
    let words = words_in(state.prefs.read_untracked().language);
    match filter {
        Filter::From(name) => state.peek(|client| {
            let person = client.person_named(name).or_else(|| best(client, name, words))?;
            Some(Condition::From(person.id, person.display.to_string()))
        }),
        Filter::In(title) => state.peek(|client| {
            // What is called so, else the newest that has it in its name.
            let titles = || client.list().into_iter().map(|room| (room, title_of(client, room, words)));
            let (room, title) = titles()
                .find(|(_, one)| one == title)
                .or_else(|| titles().find(|(_, one)| one.to_lowercase().contains(&title.to_lowercase())))?;
            Some(Condition::In(room.summary().id, title))
        }),
        Filter::Before(day) => Some(Condition::Before(*day)),
        Filter::After(day) => Some(Condition::After(*day)),
        Filter::HasLink => Some(Condition::HasLink),
        Filter::HasFile => Some(Condition::HasFile),
        Filter::MentionsMe => Some(Condition::MentionsMe),
    }
}

/// Whose name fits best.
fn best<'a>(client: &'a Client, name: &str, words: &Words) -> Option<&'a Person> {
    let everybody = client.me().into_iter().chain(client.people());
    let fits = everybody.filter_map(|person| Some((fit_of_person(client, person, name, words)?, person)));
    fits.filter(|(fit, _)| Score::is_close(*fit)).max_by_key(|(fit, _)| *fit).map(|(_, person)| person)
}

/// Makes conditions of the filters that stand in the field, but of one at its end only when a space ends it.
pub(super) fn take_typed(search: Search, state: State) {
    let text = search.text.get_untracked();
    let (head, tail) = text.rsplit_once(char::is_whitespace).unwrap_or(("", text.as_str()));
    let Query { words, filters } = Query::of(head);
    let is_inside_quotes = head.matches('"').count() % 2 == 1;
    if filters.is_empty() || is_inside_quotes {
        return;
    }
    let Some(found) = filters.iter().map(|filter| meant(state, filter)).collect::<Option<Vec<_>>>() else {
        return;
    };
    search.conditions.update(|conditions| found.into_iter().for_each(|one| put(conditions, one)));
    let gap = if words.is_empty() { "" } else { " " };
    search.write(format!("{words}{gap}{tail}"));
}
