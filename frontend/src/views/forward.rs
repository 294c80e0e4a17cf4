//! Choosing the conversations to which messages are forwarded.

use std::cmp::Reverse;

use leptos::prelude::*;
use shared::client::{Client, Part, Room};
use shared::fuzzy::{Score, rank};
use shared::id::ConversationId;
use shared::model::Kind;
use shared::sorted;

use super::menu::{pass_on, with_notes};
use super::naming::{face_of, is_me, title_of};
use super::switcher::fit_of;
use super::talk::use_talk;
use crate::erased::{live, memo};
use crate::locales::{Words, say, use_words};
use crate::ui::{Avatar, Dialog, DialogHeader, Face, Icon};

/// Where one can forward to; `None` is for notes that are not there yet.
type Target = Option<ConversationId>;

/// The dialog.
#[component]
pub fn ForwardDialog(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let title = say(words, |words| words.message.forward_title);
    view! {
        <Dialog open label=title class="is-start">
            <DialogHeader open title close=say(words, |words| words.general.close)/>
            <Targets open/>
        </Dialog>
    }
}

#[component]
fn Targets(open: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(sorted::Set::<Target>::new());
    let found = memo(move |_| {
        talk.state.read(Part::People, |_| ());
        talk.state.read(Part::List, |client| targets(client, query.read().trim(), words()))
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
                aria-label=say(words, |words| words.list.filter)
                placeholder=say(words, |words| words.list.filter)
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
                                prop:checked=Signal::derive(move || chosen.read().contains(&target))
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
                disabled=Signal::derive(move || chosen.read().is_empty())
                on:click=go
            >
                {live(move || (words().message.forward_to)(chosen.read().len()))}
            </button>
        </div>
    }
}

/// The conversations of this person that fit what is typed, the best first and of those the newest, and a place for notes.
fn targets(client: &Client, query: &str, words: &Words) -> Vec<(Target, String, Face)> {
    let is_notes = |room: &&Room| {
        let summary = room.summary();
        summary.kind == Kind::Direct && summary.with.is_some_and(|with| is_me(client, with))
    };
    let rooms = client.list();
    let notes = client.me().filter(|_| !rooms.iter().any(is_notes)).and_then(|me| {
        let fit = rank(query, words.general.notes, Some(words.general.notes_sound))?;
        Some((fit, (None, words.general.notes.to_owned(), Face::notes(me.id))))
    });
    let fitting = rooms.iter().filter_map(|room| {
        let target = (Some(room.summary().id), title_of(client, room, words), face_of(client, room, words));
        Some((fit_of(client, room, query, words)?, target))
    });
    let mut all: Vec<(Score, (Target, String, Face))> = fitting.chain(notes).collect();
    all.sort_by_key(|(fit, _)| Reverse(*fit));
    all.into_iter().map(|(_, target)| target).collect()
}
