//! What people come back to in a conversation: what is pinned, and the newest links. Each line leads to its message.

use leptos::prelude::*;
use shared::client::Part;
use shared::code::Code;
use shared::id::ConversationId;
use shared::model::Entry;

use crate::answer::use_answer;
use crate::locales::{use_language, use_words};
use crate::state::State;
use crate::views::Jump;
use crate::views::message::one_line_of;
use crate::views::pins::use_pins;
use crate::{api, browser};

/// Both lists.
#[component]
pub fn Kept(id: ConversationId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let pins = use_pins(state, id);
    let is_live = Memo::new(move |_| state.read(Part::Link, |client| client.link_state().is_live()));
    let answer = use_answer(move || {
        is_live.track();
        api::links(id)
    });
    let links = Memo::new(move |_| match &*answer.read() {
        Some(Ok(found)) => found.hits.iter().map(|hit| hit.entry.clone()).collect(),
        _ => Vec::new(),
    });
    let fault = Signal::derive(move || match &*answer.read() {
        Some(Err(refusal)) => Some(refusal.code),
        _ => None,
    });
    view! {
        <h3 class="part" id="pins">{move || words().message.pins}</h3>
        <Lines id labelled="pins" entries=pins fault=Signal::derive(|| None) empty=Signal::derive(move || words().details.no_pins)/>
        <h3 class="part" id="links">{move || words().details.links}</h3>
        <Lines id labelled="links" entries=links fault empty=Signal::derive(move || words().details.no_links)/>
    }
}

#[component]
fn Lines(
    id: ConversationId,
    labelled: &'static str,
    entries: Memo<Vec<Entry>>,
    fault: Signal<Option<Code>>,
    empty: Signal<&'static str>,
) -> impl IntoView {
    let words = use_words();
    move || {
        let entries = entries.get();
        if entries.is_empty() {
            return match fault.get() {
                Some(code) => view! { <p class="note is-bad">{move || (words().code)(code)}</p> }.into_any(),
                None => view! { <p class="note">{empty}</p> }.into_any(),
            };
        }
        let lines = entries.into_iter().map(|entry| view! { <LineOf id entry/> }).collect_view();
        view! { <ul class="kept" aria-labelledby=labelled>{lines}</ul> }.into_any()
    }
}

#[component]
fn LineOf(id: ConversationId, entry: Entry) -> impl IntoView {
    let state = expect_context::<State>();
    let (words, language) = (use_words(), use_language());
    let jump = expect_context::<Jump>();
    let (seq, at) = (entry.seq, entry.at);
    let line = Memo::new(move |_| state.read(Part::People, |client| one_line_of(client, &entry, words())));
    view! {
        <li>
            <button type="button" class="pick-row" on:click=move |_| jump.to(id, seq)>
                <span class="grow">
                    <span class="said">{move || line.read().text.clone()}</span>
                    <small class="clip">
                        {move || line.read().who.clone().map(|(who, _)| who)}
                        " · "{move || browser::short_when(at, language())}
                    </small>
                </span>
            </button>
        </li>
    }
}
