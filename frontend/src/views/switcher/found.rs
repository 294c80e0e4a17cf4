//! What the switcher finds: conversations, and people with whom there is none yet.

use std::cmp::Reverse;

use shared::client::{Client, Room};
use shared::fuzzy::{Score, rank};
use shared::id::{ConversationId, UserId};
use shared::model::{Kind, Person};
use shared::sorted;
use shared::text::Sound;

use crate::locales::Words;
use crate::ui::Face;
use crate::views::naming::{company_of, face_of, is_me, title_of};

/// Most rows that are shown.
const SHOWN: usize = 40;

/// Where a row leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Room(ConversationId),
    /// To a conversation that is not there yet.
    Person(UserId),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub target: Target,
    pub face: Face,
    pub title: String,
    pub note: String,
    pub unread: u32,
    pub is_mentioned: bool,
    /// Whether it leads to one person.
    pub is_person: bool,
    /// Whether the query fits as people mean it; not only letter after letter, far apart.
    pub is_close: bool,
}

/// What fits the query best; without one where one is mentioned, then where there is something unread, then where
/// somebody last spoke. `at` is where one is already, `others` whom the server has found.
pub fn rows(
    client: &Client,
    query: &str,
    at: Option<ConversationId>,
    others: &[Person],
    words: &Words,
) -> Vec<Row> {
    let rooms = client.list();
    if query.trim().is_empty() {
        let mut rooms: Vec<&Room> = rooms.into_iter().filter(|room| Some(room.summary().id) != at).collect();
        // Whoever is mentioned is waited for.
        rooms.sort_by_key(|room| (room.mentions() == 0, room.unread() == 0));
        return rooms.into_iter().take(SHOWN).map(|room| row_of(client, room, true, words)).collect();
    }
    let talked_to: sorted::Set<UserId> = rooms.iter().filter_map(|room| room.summary().with).collect();
    let is_new = |person: &&Person| !talked_to.contains(&person.id);
    let strangers = client.people().chain(others).filter(is_new);
    let mut found: Vec<(Score, bool, Found<'_>)> = rooms
        .into_iter()
        .filter_map(|room| Some((fit_of(client, room, query, words)?, true, Found::Room(room))))
        .chain(strangers.filter_map(|person| {
            let fit = fit_of_person(client, person, query, words)?;
            fit.is_close().then_some((fit, false, Found::Person(person)))
        }))
        .collect();
    // Of those that fit alike, conversations come first, and among them the newest.
    found.sort_by_key(|(fit, is_room, _)| Reverse((*fit, *is_room)));
    let mut seen = sorted::Set::new();
    let is_first = |(_, _, found): &(Score, bool, Found<'_>)| match found {
        Found::Room(_) => true,
        Found::Person(person) => seen.insert(person.id),
    };
    let found = found.into_iter().filter(is_first).take(SHOWN);
    found.map(|(fit, _, found)| found.row(client, fit.is_close(), words)).collect()
}

enum Found<'a> {
    Room(&'a Room),
    Person(&'a Person),
}

impl Found<'_> {
    fn row(self, client: &Client, is_close: bool, words: &Words) -> Row {
        match self {
            Found::Room(room) => row_of(client, room, is_close, words),
            Found::Person(person) => row_of_person(client, person, words),
        }
    }
}

/// How well a conversation fits: by its title, or by the other person's names.
pub fn fit_of(client: &Client, room: &Room, query: &str, words: &Words) -> Option<Score> {
    let summary = room.summary();
    match summary.with.and_then(|with| client.person(with)) {
        Some(person) if summary.kind == Kind::Direct => fit_of_person(client, person, query, words),
        _ => rank(query, &title_of(client, room, words), summary.sound.as_ref().map(Sound::as_str)),
    }
}

pub fn fit_of_person(client: &Client, person: &Person, query: &str, words: &Words) -> Option<Score> {
    let sound = person.sound.as_ref().map(Sound::as_str);
    let by_names = rank(query, person.display.as_str(), sound).max(rank(query, person.name.as_str(), None));
    // A place for notes is found by that name, too.
    let notes =
        is_me(client, person.id).then(|| rank(query, words.general.notes, Some(words.general.notes_sound)));
    by_names.max(notes.flatten())
}

fn row_of(client: &Client, room: &Room, is_close: bool, words: &Words) -> Row {
    Row {
        target: Target::Room(room.summary().id),
        face: face_of(client, room, words),
        title: title_of(client, room, words),
        note: company_of(client, room, words),
        unread: room.unread(),
        is_mentioned: room.mentions() > 0,
        is_person: room.summary().kind == Kind::Direct,
        is_close,
    }
}

fn row_of_person(client: &Client, person: &Person, words: &Words) -> Row {
    let display = person.display.to_string();
    let (face, title) = if is_me(client, person.id) {
        (Face::notes(person.id), words.general.notes.to_owned())
    } else {
        (Face::person(person.id, &display), display)
    };
    Row {
        target: Target::Person(person.id),
        face,
        title,
        note: format!("@{}", person.name),
        unread: 0,
        is_mentioned: false,
        is_person: true,
        is_close: true,
    }
}
