//! One day of a timeline: its floating date and its rows.

use std::collections::{HashMap, HashSet};

use leptos::prelude::*;
use shared::client::{Client, Part};
use shared::id::{ConversationId, Timestamp, UserId};
use shared::model::{Entry, What};
use shared::rows::{Content, Key, Row};

use super::Days;
use super::date::Choosing;
use crate::browser;
use crate::locales::{Words, use_language, use_words};
use crate::state::State;
use crate::views::message::{Drawn, MessageRow};
use crate::views::naming::{is_me, kind_of, name_of, name_or_you, name_or_you_object};
use crate::views::today::use_today;

/// Names in one line about who is there from the start.
const NAMED: usize = 3;

#[component]
pub(super) fn DayBlock(
    id: ConversationId,
    number: i32,
    at: Timestamp,
    days: Days,
    choosing: Choosing,
) -> impl IntoView {
    let words = use_words();
    let rows = Rows::new(number, days);
    view! {
        <section class="day-block">
            <h3 class="day">
                <button
                    type="button"
                    title=move || words().room.go_to_date
                    on:click=move |_| choosing.begin(at)
                >
                    {use_date(number, at)}
                </button>
            </h3>
            <ol>
                <For each=move || rows.all.get() key=|row| row.key let:row>
                    {draw(id, row, rows)}
                </For>
            </ol>
        </section>
    }
}

pub fn use_date(number: i32, at: Timestamp) -> impl Fn() -> String {
    let (words, language, today) = (use_words(), use_language(), use_today());
    move || match today.get() - number {
        0 => words().room.today.to_owned(),
        1 => words().room.yesterday.to_owned(),
        _ => browser::day_name(at, language()),
    }
}

/// One row, which stays as long as it is there.
pub fn draw(id: ConversationId, row: Row, rows: Rows) -> AnyView {
    let key = name_of_key(row.key);
    match row.content {
        Content::Fresh(at) => {
            let shown = rows.follow(row.key, at, |row| match row.content {
                Content::Fresh(at) => Some(at),
                _ => None,
            });
            view! { <Fresh at=shown/> }.into_any()
        }
        Content::Message(message) => {
            let drawn = Drawn { first: row.first, message };
            let drawn = rows.follow(row.key, drawn, |row| match &row.content {
                Content::Message(message) => Some(Drawn { first: row.first, message: message.clone() }),
                _ => None,
            });
            view! { <MessageRow drawn key/> }.into_any()
        }
        Content::Event(entry) => view! { <EventLine id entry=(*entry).clone() key/> }.into_any(),
    }
}

/// The same for the same row, in the DOM.
fn name_of_key(key: Key) -> String {
    match key {
        Key::Fresh => "fresh".to_owned(),
        Key::Deed(user, client_id) => format!("{user}-{client_id}"),
        Key::Change(seq) => seq.to_string(),
    }
}

/// The rows of a day, and who is told when one of them changes. Were each to look for itself, then all would, whenever
/// one comes: with a thousand rows that takes longer than a letter that is typed may wait.
#[derive(Clone, Copy)]
pub struct Rows {
    /// All of them, oldest first.
    pub all: Memo<Vec<Row>>,
    told: StoredValue<HashMap<Key, ArcTrigger>>,
}

impl Rows {
    /// Those of the day with this number.
    pub fn new(number: i32, days: Days) -> Self {
        let told = StoredValue::new(HashMap::new());
        let all = Memo::new(move |before: Option<&Vec<Row>>| {
            let days = days.read();
            let day = days.iter().find(|day| day.number == number);
            let now = day.map(|day| day.rows.clone()).unwrap_or_default();
            // Here, so that all that is drawn anew is so before anyone measures where things stand.
            tell(told, before.map_or(&[], Vec::as_slice), &now);
            now
        });
        Self { all, told }
    }

    /// What a row shows now. A row that goes stays as it was for as long as it is still there.
    fn follow<T: Clone + PartialEq + Send + Sync + 'static>(
        self,
        key: Key,
        first: T,
        shown: impl Fn(&Row) -> Option<T> + Send + Sync + 'static,
    ) -> Memo<T> {
        let changed = ArcTrigger::new();
        self.told.try_update_value(|told| drop(told.insert(key, changed.clone())));
        Memo::new(move |before: Option<&T>| {
            changed.track();
            // A day that goes takes its rows with it.
            let rows = self.all.try_read_untracked();
            let row = rows.as_ref().and_then(|rows| rows.iter().find(|row| row.key == key));
            row.and_then(&shown).unwrap_or_else(|| before.unwrap_or(&first).clone())
        })
    }
}

fn tell(told: StoredValue<HashMap<Key, ArcTrigger>>, before: &[Row], now: &[Row]) {
    let before: HashMap<Key, &Row> = before.iter().map(|row| (row.key, row)).collect();
    let is_changed = |row: &&Row| before.get(&row.key).is_some_and(|before| before != row);
    let changed = told.try_update_value(|told| {
        if told.len() > 2 * now.len() {
            let here: HashSet<Key> = now.iter().map(|row| row.key).collect();
            told.retain(|key, _| here.contains(key));
        }
        let changed = now.iter().filter(is_changed).filter_map(|row| told.get(&row.key).cloned());
        changed.collect::<Vec<_>>()
    });
    changed.iter().flatten().for_each(ArcTrigger::notify);
}

#[component]
fn Fresh(at: Memo<Timestamp>) -> impl IntoView {
    let words = use_words();
    let since = move || (words().room.new_since)(&browser::time_of_day(at.get()));
    view! { <li class="fresh item" data-key="fresh"><span>{since}</span></li> }
}

#[component]
fn EventLine(id: ConversationId, entry: Entry, key: String) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let seq = entry.seq.to_string();
    let line = move || state.read(Part::People, |client| told(client, id, &entry, words()));
    view! { <li class="event item" data-key=key data-seq=seq>{line}</li> }
}

/// What happened, in words that name people.
fn told(client: &Client, id: ConversationId, entry: &Entry, words: &Words) -> String {
    let by = || name_or_you(client, entry.author, words);
    let whom = |user| name_or_you_object(client, user, words);
    match &entry.what {
        What::Created { people } => {
            let kind = kind_of(client, id);
            match others(client, entry.author, people, words) {
                with if with.is_empty() => (words.room.made)(kind, &by()),
                with => (words.room.made_with)(kind, &by(), &with),
            }
        }
        What::Joined { user } if *user != entry.author => (words.room.added)(&by(), &whom(*user)),
        What::Left { user } if *user != entry.author => (words.room.removed)(&by(), &whom(*user)),
        What::Joined { user } if is_me(client, *user) => words.room.you_joined.to_owned(),
        What::Joined { user } => (words.room.joined)(&name_of(client, *user, words)),
        What::Left { user } => (words.room.left)(&name_or_you(client, *user, words)),
        _ => String::new(),
    }
}

fn others(client: &Client, author: UserId, people: &[UserId], words: &Words) -> String {
    let others: Vec<UserId> = people.iter().copied().filter(|id| *id != author).collect();
    let named = others.iter().take(NAMED).map(|id| name_or_you_object(client, *id, words));
    let named: Vec<String> = named.collect();
    (words.general.and)(&named, others.len() - named.len())
}
