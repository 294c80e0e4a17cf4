//! Choosing the conversations to which messages are forwarded.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::client::{Client, Part};
use shared::id::ConversationId;
use shared::model::Kind;

use super::menu::{pass_on, with_notes};
use super::naming::{face_of, is_me, title_of};
use super::talk::use_talk;
use crate::locales::{Words, use_words};
use crate::ui::{Avatar, Dialog, DialogHeader, Face, Icon};

/// Where one can forward to; `None` is for notes that are not there yet.
type Target = Option<ConversationId>;

/// The dialog.
#[component]
pub fn ForwardDialog(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let title = Signal::derive(move || words().message.forward_title);
    view! {
        <Dialog open label=title class="is-start">
            <DialogHeader open title close=Signal::derive(move || words().general.close)/>
            <Targets open/>
        </Dialog>
    }
}

#[component]
fn Targets(open: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(BTreeSet::<Target>::new());
    let found = Memo::new(move |_| {
        talk.state.read(Part::People, |_| ());
        let query = query.read().trim().to_lowercase();
        let all = talk.state.read(Part::List, |client| targets(client, words()));
        all.into_iter().filter(|(_, title, _)| title.to_lowercase().contains(&query)).collect::<Vec<_>>()
    });
    let go = move |_| {
        let messages = talk.subject.get_untracked();
        for target in chosen.get_untracked() {
            if let Some(to) = target {
                pass_on(talk, to, &messages);
            } else {
                let messages = messages.clone();
                with_notes(talk, move |notes| pass_on(talk, notes, &messages));
            }
        }
        open.set(false);
        if talk.chosen.read_untracked().is_some() {
            talk.stop_choosing();
        }
    };
    view! {
        <label class="ask">
            <Icon name="search"/>
            <input
                type="text"
                autofocus=true
                autocomplete="off"
                spellcheck="false"
                aria-label=move || words().list.filter
                placeholder=move || words().list.filter
                on:input=move |input| query.set(event_target_value(&input))
            />
        </label>
        <ul class="found">
            <For each=move || found.get() key=|(target, title, _)| (*target, title.clone()) let((target, title, face))>
                <li class="pick">
                    <label class="pick-row">
                        <Avatar face size="is-m"/>
                        <span class="grow"><span class="nm clip">{title}</span></span>
                        <span class="tick">
                            <input
                                type="checkbox"
                                prop:checked=move || chosen.read().contains(&target)
                                on:change=move |_| chosen.update(|chosen| {
                                    if !chosen.remove(&target) {
                                        chosen.insert(target);
                                    }
                                })
                            />
                        </span>
                    </label>
                </li>
            </For>
        </ul>
        <div class="group">
            <button
                type="button"
                class="btn is-primary is-wide"
                disabled=move || chosen.read().is_empty()
                on:click=go
            >
                {move || (words().message.forward_to)(chosen.read().len())}
            </button>
        </div>
    }
}

/// The conversations of this person, the newest first, and a place for notes.
fn targets(client: &Client, words: &Words) -> Vec<(Target, String, Face)> {
    let mut has_notes = false;
    let mut all: Vec<(Target, String, Face)> = Vec::new();
    for room in client.list() {
        let summary = room.summary();
        has_notes |= summary.kind == Kind::Direct && summary.with.is_some_and(|with| is_me(client, with));
        all.push((Some(summary.id), title_of(client, room, words), face_of(client, room, words)));
    }
    if let Some(me) = client.me().filter(|_| !has_notes) {
        all.push((None, words.general.notes.to_owned(), Face::notes(me.id)));
    }
    all
}
