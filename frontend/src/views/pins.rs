//! What is pinned to a conversation: a bar with the newest, and the list of all.

use leptos::prelude::*;
use shared::client::{Client, Part, Room};
use shared::id::ConversationId;
use shared::model::Entry;

use super::Jump;
use super::message::one_line_of;
use super::talk::use_talk;
use crate::answer::use_answer;
use crate::api;
use crate::locales::use_words;
use crate::state::State;
use crate::ui::{Dialog, DialogHeader, Icon};

/// All that is pinned, the newest message first; asked for anew whenever that may have changed. Without an answer, what
/// was known stands.
pub fn use_pins(state: State, id: ConversationId) -> Memo<Vec<Entry>> {
    let changed = Memo::new(move |_| {
        let pinned = |client: &Client| client.room(id).map(Room::pinned);
        let pinned = state.read(Part::Conversation(id), pinned);
        (pinned, state.read(Part::Link, |client| client.link_state().is_live()))
    });
    let answer = use_answer(move || {
        let (_, is_live) = changed.get();
        async move { if is_live { api::pins(id).await.ok() } else { None } }
    });
    Memo::new(move |before: Option<&Vec<Entry>>| match answer.get().flatten() {
        Some(pins) => pins.entries.into_vec(),
        None => before.cloned().unwrap_or_default(),
    })
}

/// The newest pinned message, below the conversation's bar; opens the list.
#[component]
pub fn PinBar() -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let pins = use_pins(talk.state, talk.id);
    let newest = Memo::new(move |_| {
        talk.state.read(Part::People, |_| ());
        let pins = pins.read();
        pins.first().map(|entry| talk.state.peek(|client| one_line_of(client, entry, words()).text))
    });
    move || {
        newest.get().map(|line| {
            view! {
                <button type="button" class="pin-bar" on:click=move |_| talk.sheets.pins.set(true)>
                    <Icon name="pin"/>
                    <span class="sr">{move || words().message.pins}</span>
                    <span class="clip">{line}</span>
                </button>
            }
        })
    }
}

/// The list.
#[component]
pub fn PinsDialog(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let title = Signal::derive(move || words().message.pins);
    view! {
        <Dialog open label=title class="is-list">
            <DialogHeader open title close=Signal::derive(move || words().general.close) autofocus=true/>
            <Pinned open/>
        </Dialog>
    }
}

#[component]
fn Pinned(open: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let jump = expect_context::<Jump>();
    let pins = use_pins(talk.state, talk.id);
    let lines = move || {
        let pins = pins.get();
        let lines = pins.into_iter().map(|entry| {
            let line = talk.state.peek(|client| one_line_of(client, &entry, words()));
            let go = move |_| {
                open.set(false);
                // Once the dialog is closed, which gives the focus back to where it was.
                set_timeout(move || jump.to(talk.id, entry.seq), std::time::Duration::from_millis(1));
            };
            view! {
                <li>
                    <button type="button" class="pick-row" on:click=go>
                        <span class="grow">
                            <span class="nm clip">{line.who.map(|(who, _)| who)}</span>
                            <small class="clip">{line.text}</small>
                        </span>
                    </button>
                </li>
            }
        });
        lines.collect_view()
    };
    view! { <ul class="found">{lines}</ul> }
}
