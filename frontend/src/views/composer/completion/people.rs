//! Whom one can mention: the members of the conversation, everybody, and those who are there.

use std::cmp::Reverse;

use leptos::prelude::*;
use shared::client::Client;
use shared::fuzzy::{Score, rank};
use shared::id::{ConversationId, UserId};
use shared::model::{Kind, Person};

use super::{OFFERED, Offer, Sign};
use crate::answer::use_answer;
use crate::api;
use crate::locales::{Words, use_words};
use crate::state::State;
use crate::ui::Face;

type Members = Option<shared::http::People>;

/// Who is known to be in a conversation. Without an answer of the server, everyone who is known at all may be.
#[derive(Clone, Copy)]
pub(super) struct Known {
    id: ConversationId,
    state: State,
    words: Signal<&'static Words>,
    /// Asked for with the first mention.
    is_wanted: RwSignal<bool>,
    members: RwSignal<Option<Members>, LocalStorage>,
}

impl Known {
    pub(super) fn of(id: ConversationId) -> Self {
        let words = use_words();
        let is_wanted = RwSignal::new(false);
        let members = use_answer(move || {
            let is_wanted = is_wanted.get();
            async move { if is_wanted { api::members(id).await.ok() } else { None } }
        });
        Self { id, state: expect_context::<State>(), words: Signal::derive(words), is_wanted, members }
    }

    /// Follows what is known.
    pub(super) fn track(&self) {
        self.members.track();
    }

    /// Those whom this beginning of a name fits, the best first; without one, those who spoke last.
    pub(super) fn offers(&self, query: &str) -> Vec<Offer> {
        if !self.is_wanted.get_untracked() {
            self.is_wanted.set(true);
        }
        let members = self.members.get_untracked().flatten();
        let words = self.words.get_untracked();
        self.state.peek(|client| {
            let mut found: Vec<(Score, Offer)> = people(client, self.id, members.as_ref())
                .into_iter()
                .filter_map(|person| Some((fit(person, query)?, offer(person))))
                .collect();
            if query.is_empty() {
                // The two below stay in sight.
                found.truncate(OFFERED - 2);
            }
            if client.room(self.id).is_some_and(|room| room.summary().kind != Kind::Direct) {
                found.extend(all_or_here(query, words));
            }
            found.sort_by_key(|(score, _)| Reverse(*score));
            found.into_iter().take(OFFERED).map(|(_, offer)| offer).collect()
        })
    }
}

/// Everyone one may mean, who spoke last first.
fn people<'a>(
    client: &'a Client,
    id: ConversationId,
    members: Option<&'a shared::http::People>,
) -> Vec<&'a Person> {
    let me = client.me().map(|me| me.id);
    let in_list = members.iter().flat_map(|members| members.people.iter());
    // Of a list that has an end the others are known to be elsewhere.
    let is_whole = members.is_some_and(|members| !members.more);
    let others = client.people().filter(|_| !is_whole);
    let spoke: Vec<UserId> = spoke_last(client, id);
    let mut people: Vec<&Person> = in_list.chain(others).filter(|person| Some(person.id) != me).collect();
    people.sort_by_key(|person| {
        (spoke.iter().position(|one| *one == person.id).unwrap_or(spoke.len()), person.id)
    });
    people.dedup_by_key(|person| person.id);
    people
}

/// Who spoke last, the last one first.
fn spoke_last(client: &Client, id: ConversationId) -> Vec<UserId> {
    let Some(room) = client.room(id) else { return Vec::new() };
    let mut spoke = Vec::new();
    for entry in room.timeline().entries().rev().take(100) {
        if !spoke.contains(&entry.author) {
            spoke.push(entry.author);
        }
    }
    spoke
}

fn fit(person: &Person, query: &str) -> Option<Score> {
    let sound = person.sound.as_ref().map(shared::text::Sound::as_str);
    let fit = rank(query, person.display.as_str(), sound).max(rank(query, person.name.as_str(), None))?;
    (query.is_empty() || fit.is_close()).then_some(fit)
}

fn offer(person: &Person) -> Offer {
    let display = person.display.to_string();
    Offer {
        sign: Sign::Face(Face::person(person.id, &display)),
        name: display,
        note: format!("@{}", person.name),
        text: format!("@{} ", person.name),
    }
}

/// `@everyone` and `@here`, in both languages whatever the page's.
fn all_or_here(query: &str, words: &'static Words) -> impl Iterator<Item = (Score, Offer)> {
    let both = [
        (words.composer.everyone, words.composer.everyone_help, "everyone all", "suo you ren", "people"),
        (words.composer.here, words.composer.here_help, "here", "zai xian", "eye"),
    ];
    let query = query.to_owned();
    both.into_iter().filter_map(move |(name, help, english, sound, icon)| {
        let fit = rank(&query, name, Some(sound)).max(rank(&query, english, None));
        let fit = fit.filter(|fit| query.is_empty() || fit.is_close())?;
        let offer = Offer {
            sign: Sign::Icon(icon),
            name: format!("@{name}"),
            note: help.to_owned(),
            text: format!("@{name} "),
        };
        Some((fit, offer))
    })
}

#[cfg(test)]
mod tests {
    use shared::mention::{EVERYBODY, HERE};
    use wasm_bindgen_test::wasm_bindgen_test;

    use crate::locales::words_in;
    use crate::prefs::Language;

    #[wasm_bindgen_test]
    fn the_server_knows_the_words_that_are_offered() {
        for words in [Language::En, Language::Zh].map(words_in) {
            assert!(EVERYBODY.contains(&words.composer.everyone) && HERE.contains(&words.composer.here));
        }
    }
}
