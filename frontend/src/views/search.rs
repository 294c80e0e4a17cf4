//! What is found: people, conversations and messages, in place of the list.

mod asking;
mod chips;
mod condition;
mod here;
mod hits;
mod names;
mod steering;

use std::time::Duration;

use leptos::prelude::*;
use shared::client::Part;

use self::asking::{Asking, Progress, Trouble, Wanted};
use self::chips::{Chips, Menu};
use self::condition::take_typed;
use self::hits::Hits;
use self::names::Names;
use super::finder::Search;
use crate::locales::use_words;
use crate::state::State;

/// How long one does not type before the server is asked although it has not answered what was asked before, or a filter
/// that is being typed counts.
const PAUSE: Duration = Duration::from_millis(150);

/// The pane.
#[component]
pub fn SearchPane() -> impl IntoView {
    let words = use_words();
    let search = expect_context::<Search>();
    let asking = use_asking(search);
    steering::use_keys(search, asking);
    let menu = move || search.menu.get().then(|| view! { <Menu search/> });
    view! {
        <section class="results" aria-label=move || words().search.results>
            {menu}
            <Chips search/>
            <Names search asking/>
            <Hits asking/>
            <Note asking/>
        </section>
    }
}

/// Asks whenever something else is wanted, and when the connection is back.
fn use_asking(search: Search) -> Asking {
    let state = expect_context::<State>();
    let is_live = Memo::new(move |_| state.read(Part::Link, |client| client.link_state().is_live()));
    let settled = RwSignal::new(String::new());
    let wanted = Memo::new(move |_| Wanted::new(&settled.read(), search.conditions.get()));
    let asking = Asking::new(state, wanted, settled, is_live);
    let mut pause = debounce(PAUSE, move |()| settle(search, asking));
    Effect::new(move |_| {
        search.text.track();
        if !search.is_composing.get() {
            pause(());
        }
    });
    // Each letter is asked for at once, one question after the other.
    Effect::new(move |_| {
        let is_words = Wanted::new(&search.text.read(), Vec::new()).typed.is_empty();
        if is_words && !search.is_composing.get() && !asking.waits() {
            settle(search, asking);
        }
    });
    Effect::new(move |last: Option<Wanted>| {
        let wanted = wanted.get();
        // What the server has found stays without it.
        if is_live.get() || last.as_ref() != Some(&wanted) || asking.is_waiting() {
            asking.begin();
        }
        wanted
    });
    asking
}

/// Looks for what is typed now. Letters of an input method are not yet what is meant.
fn settle(search: Search, asking: Asking) {
    let is_there = asking.wanted.try_read_untracked().is_some();
    if is_there && search.is_composing.try_get_untracked() == Some(false) {
        take_typed(search, asking.state);
        asking.settle(search.text.get_untracked());
    }
}

/// Why there are no more messages than these, or none.
#[component]
fn Note(asking: Asking) -> impl IntoView {
    let words = use_words();
    let retry = move || {
        view! {
            <button type="button" class="link-btn" on:click=move |_| asking.again()>
                {move || words().room.retry}
            </button>
        }
    };
    let note = move || {
        let (words, found, wanted) = (words(), asking.found.read(), asking.wanted.read());
        if wanted.is_nothing() {
            return wanted.is_in_one().then(|| view! { <p>{words.search.in_one}</p> }.into_any());
        }
        if !asking.is_live.get() {
            return Some(view! { <p>{(words.search.offline)(found.hits.len())}</p> }.into_any());
        }
        match &found.progress {
            Progress::Waiting if found.hits.is_empty() => {
                Some(view! { <p class="is-late">{words.gate.waiting}</p> }.into_any())
            }
            Progress::Waiting => None,
            Progress::Failed(Trouble::Nobody(name)) => {
                Some(view! { <p>{(words.search.nobody)(name)}</p> }.into_any())
            }
            Progress::Failed(Trouble::Nowhere(title)) => {
                Some(view! { <p>{(words.search.nowhere)(title)}</p> }.into_any())
            }
            Progress::Failed(Trouble::Refused(code)) => {
                Some(view! { <p class="is-bad">{(words.code)(*code)}" "{retry()}</p> }.into_any())
            }
            Progress::Done if found.hits.is_empty() => {
                Some(view! { <p>{(words.search.nothing)(wanted.words.trim())}</p> }.into_any())
            }
            Progress::Done => {
                let told = (words.search.count)(found.hits.len(), found.next.is_some());
                Some(view! { <p class="sr">{told}</p> }.into_any())
            }
        }
    };
    view! { <div class="note" role="status">{note}</div> }
}
