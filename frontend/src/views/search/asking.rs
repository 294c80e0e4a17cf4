//! Asking the server for messages, page by page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::code::Code;
use shared::http::{Channel, Hit, Results};
use shared::model::Person;
use shared::query::{Filter, Query};

use super::condition::{meant, param, put};
use super::here::here;
use crate::actions::Actions;
use crate::api;
use crate::state::State;
use crate::views::finder::Condition;

/// What is looked for.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Wanted {
    pub(super) words: String,
    pub(super) conditions: Vec<Condition>,
    /// Conditions that are typed among the words.
    pub(super) typed: Vec<Filter>,
}

impl Wanted {
    pub(super) fn new(text: &str, conditions: Vec<Condition>) -> Self {
        let Query { words, filters } = Query::of(text);
        Self { words, conditions, typed: filters }
    }

    /// Whether there is nothing to look for: all that is said in one conversation is its timeline.
    pub(super) fn is_nothing(&self) -> bool {
        let is_place = |one: &Condition| matches!(one, Condition::In(..));
        self.words.trim().is_empty() && self.typed.is_empty() && self.conditions.iter().all(is_place)
    }

    pub(super) fn is_in_one(&self) -> bool {
        self.conditions.iter().any(|one| matches!(one, Condition::In(..)))
    }
}

/// Why nothing was found.
pub(super) enum Trouble {
    Refused(Code),
    /// Nobody is called so.
    Nobody(String),
    /// No conversation of this person's is called so.
    Nowhere(String),
}

pub(super) enum Progress {
    Waiting,
    Done,
    Failed(Trouble),
}

/// What was found so far.
pub(super) struct Found {
    pub(super) people: Vec<Person>,
    pub(super) channels: Vec<Channel>,
    pub(super) hits: Vec<Hit>,
    /// Where the next page begins.
    pub(super) next: Option<String>,
    pub(super) progress: Progress,
}

impl Found {
    const fn nothing() -> Self {
        Self {
            people: Vec::new(),
            channels: Vec::new(),
            hits: Vec::new(),
            next: None,
            progress: Progress::Done,
        }
    }

    const fn is_awaited(&self) -> bool {
        matches!(self.progress, Progress::Waiting)
    }
}

/// The questions and what was answered. Cheap to copy; lives as long as the pane.
#[derive(Clone, Copy)]
pub(super) struct Asking {
    pub(super) state: State,
    actions: Actions,
    pub(super) wanted: Memo<Wanted>,
    pub(super) is_live: Memo<bool>,
    pub(super) found: RwSignal<Found, LocalStorage>,
    /// What was typed when one last paused.
    settled: RwSignal<String>,
    /// An answer to an older question than this counts no more.
    turn: StoredValue<u32>,
}

impl Asking {
    pub(super) fn new(
        state: State,
        wanted: Memo<Wanted>,
        settled: RwSignal<String>,
        is_live: Memo<bool>,
    ) -> Self {
        let found = RwSignal::new_local(Found::nothing());
        let actions = expect_context::<Actions>();
        Self { state, actions, wanted, is_live, found, settled, turn: StoredValue::new(0) }
    }

    pub(super) fn settle(self, text: String) {
        if *self.settled.read_untracked() != text {
            self.settled.set(text);
        }
    }

    /// Whether the answer is to what is typed now.
    pub(super) fn is_settled(self, text: &str) -> bool {
        *self.settled.read_untracked() == text
            && matches!(self.found.read_untracked().progress, Progress::Done)
    }

    pub(super) fn is_waiting(self) -> bool {
        self.found.read_untracked().is_awaited()
    }

    /// The same, followed.
    pub(super) fn waits(self) -> bool {
        self.found.read().is_awaited()
    }

    /// Asks for what is wanted now; without a connection this device must do.
    pub(super) fn begin(self) {
        if self.is_live.get_untracked() && !self.wanted.read_untracked().is_nothing() {
            self.ask(None);
            return;
        }
        self.turn.update_value(|turn| *turn += 1);
        self.found.set(self.kept());
    }

    /// What this device has of it.
    fn kept(self) -> Found {
        let wanted = self.wanted.read_untracked();
        let hits = if wanted.is_nothing() { Vec::new() } else { here(self.state, &wanted) };
        Found { hits, ..Found::nothing() }
    }

    /// Asks for what did not come once more.
    pub(super) fn again(self) {
        let next = self.found.read_untracked().next.clone();
        self.ask(next);
    }

    fn ask(self, cursor: Option<String>) {
        self.turn.update_value(|turn| *turn += 1);
        let turn = self.turn.get_value();
        let wanted = self.wanted.get_untracked();
        // What was found before stays until there is something else to show.
        self.found.update(|found| {
            found.progress = Progress::Waiting;
            if cursor.is_none() {
                found.next = None;
            }
        });
        spawn_local(async move {
            let answer = look(self.state, wanted, cursor.clone()).await;
            if self.turn.try_get_value() == Some(turn) {
                self.take(answer, cursor);
            }
        });
    }

    fn take(self, answer: Result<Results, Trouble>, cursor: Option<String>) {
        if let Ok(results) = &answer {
            self.actions.meet(results.hits.iter().map(|hit| hit.entry.author).collect());
        }
        let kept = matches!(answer, Err(Trouble::Refused(Code::Unreachable))) && cursor.is_none();
        let kept = kept.then(|| self.kept());
        self.found.update(|found| match answer {
            Ok(Results { people, channels, hits, next }) => {
                if cursor.is_none() {
                    *found = Found::nothing();
                    found.people = people.into_vec();
                    found.channels = channels.into_vec();
                }
                found.hits.extend(hits.into_vec());
                found.next = next;
                found.progress = Progress::Done;
            }
            Err(trouble) => {
                if cursor.is_none() {
                    *found = kept.unwrap_or_else(Found::nothing);
                }
                found.next = cursor;
                found.progress = Progress::Failed(trouble);
            }
        });
    }
}

async fn look(state: State, wanted: Wanted, cursor: Option<String>) -> Result<Results, Trouble> {
    let Wanted { words, mut conditions, typed } = wanted;
    for filter in typed {
        let condition = match meant(state, &filter) {
            Some(condition) => condition,
            None => elsewhere(filter).await?,
        };
        put(&mut conditions, condition);
    }
    let mut query: Vec<(&str, String)> = conditions.iter().map(param).collect();
    query.extend(cursor.map(|cursor| ("cursor", cursor)));
    query.push(("q", words));
    let query: Vec<(&str, &str)> = query.iter().map(|(key, value)| (*key, value.as_str())).collect();
    api::search(&query).await.map_err(|refusal| Trouble::Refused(refusal.code))
}

/// The one whom this device does not know.
async fn elsewhere(filter: Filter) -> Result<Condition, Trouble> {
    let name = match filter {
        Filter::From(name) => name,
        Filter::In(title) => return Err(Trouble::Nowhere(title)),
        other => return Err(Trouble::Nowhere(other.to_string())),
    };
    let people = api::people(&name).await.map_err(|refusal| Trouble::Refused(refusal.code))?;
    match people.people.first() {
        Some(person) => Ok(Condition::From(person.id, person.display.to_string())),
        None => Err(Trouble::Nobody(name)),
    }
}
