//! The messages that wait for their time in a conversation, and what can be done with them.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use shared::client::{Later, Part};
use shared::id::{ConversationId, Timestamp};
use shared::outbox::State as Progress;
use shared::own::{Scheduled, Stage};
use shared::text::Body;

use super::MomentField;
use crate::actions::Actions;
use crate::browser;
use crate::locales::{use_language, use_words};
use crate::state::State;
use crate::ui::{Dialog, DialogHeader, Icon};
use crate::views::talk::use_talk;

/// One line above the composer while something waits here; it opens the list.
#[component]
pub fn LaterLine(id: ConversationId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let is_open = RwSignal::new(false);
    let waiting = Memo::new(move |_| state.read(Part::Own, |client| client.scheduled(id)));
    let talk = use_talk();
    Effect::new(move |was_open: Option<bool>| {
        let is_open = is_open.get();
        // The line that had the focus has gone with the last of them.
        if was_open == Some(true) && !is_open && waiting.read_untracked().is_empty() {
            set_timeout(move || talk.focus(), Duration::ZERO);
        }
        is_open
    });
    let has_failed = move || waiting.read().iter().any(|later| trouble(later).is_some());
    view! {
        <Show when=move || !waiting.read().is_empty()>
            <button
                type="button"
                class="later-line"
                class:is-bad=has_failed
                aria-haspopup="dialog"
                on:click=move |_| is_open.set(true)
            >
                <Icon name="clock" small=true/>
                {move || (words().later.count)(waiting.read().len())}
            </button>
        </Show>
        <Dialog open=is_open label=Signal::derive(move || words().later.list) class="is-later">
            <DialogHeader
                open=is_open
                title=Signal::derive(move || words().later.list)
                close=Signal::derive(move || words().general.close)
                autofocus=true
            />
            <ul class="laters">
                <For each=move || waiting.get() key=key let:later><Row later/></For>
            </ul>
            <p class="note" hidden=move || !waiting.read().is_empty()>{move || words().later.none}</p>
        </Dialog>
    }
}

/// Identity and everything that a row shows: a row that changes is drawn anew.
fn key(later: &Later) -> String {
    format!("{later:?}")
}

fn trouble(later: &Later) -> Option<shared::code::Code> {
    match (later.deed, later.message.stage) {
        (Some((_, Progress::Failed { code })), _) | (None, Stage::Failed { code }) => Some(code),
        _ => None,
    }
}

#[component]
fn Row(later: Later) -> impl IntoView {
    let (words, language) = (use_words(), use_language());
    let is_editing = RwSignal::new(false);
    let due = later.message.due;
    let why = trouble(&later);
    let is_on_its_way = later.deed.is_some() && why.is_none();
    let when = move || browser::day_and_time(due, language());
    let note = move || match why {
        Some(code) => Some((words().room.not_sent)((words().code)(code))),
        None if is_on_its_way => Some(words().room.waiting.to_owned()),
        None => None,
    };
    let body = later.message.body.to_string();
    let shown = StoredValue::new(later);
    view! {
        <li>
            <p class="text" hidden=is_editing>{body}</p>
            <small class:is-bad=why.is_some()>
                <time hidden=is_editing>{when}</time>
                {move || note().map(|note| view! { <span role="status">{note}</span> })}
            </small>
            <Show
                when=move || is_editing.get()
                fallback=move || view! { <Ways later=shown.get_value() is_editing/> }
            >
                <Edit later=shown.get_value() is_editing/>
            </Show>
        </li>
    }
}

/// What can be done with one of them.
#[component]
fn Ways(later: Later, is_editing: RwSignal<bool>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let words = use_words();
    let is_sending = later.message.stage == Stage::Sending;
    let (again, gone) = (later.clone(), later);
    let now = move |_| put_anew(actions, &again, Scheduled { due: Timestamp(0), ..again.message.clone() });
    let cancel = move |_| {
        if let Some((deed, _)) = gone.deed {
            actions.discard(deed);
        }
        actions.unschedule(gone.message.conversation, gone.message.id);
    };
    view! {
        <div class="ways" hidden=is_sending>
            <button type="button" class="link-btn" on:click=now>{move || words().later.now}</button>
            <button type="button" class="link-btn" on:click=move |_| is_editing.set(true)>
                {move || words().room.edit}
            </button>
            <button type="button" class="link-btn is-danger" on:click=cancel>
                {move || words().later.cancel}
            </button>
        </div>
    }
}

/// Its text and its time, to be changed.
#[component]
fn Edit(later: Later, is_editing: RwSignal<bool>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let words = use_words();
    let field = NodeRef::<html::Textarea>::new();
    let (text, due) = (later.message.body.to_string(), later.message.due);
    let save = Callback::new(move |(due,): (Timestamp,)| {
        let body = field.get_untracked().and_then(|field| Body::try_from(field.value()).ok());
        if let Some(body) = body {
            put_anew(actions, &later, Scheduled { body, due, ..later.message.clone() });
            is_editing.set(false);
        }
    });
    view! {
        <div>
            <textarea
                node_ref=field
                rows="3"
                dir="auto"
                prop:value=text
                aria-label=move || words().later.text
            ></textarea>
            <MomentField due choose=save confirm=Signal::derive(move || words().later.save)/>
        </div>
    }
}

/// Puts the message as it is to be in the place of what was refused, or of what waits on the server.
fn put_anew(actions: Actions, later: &Later, message: Scheduled) {
    if let Some((deed, Progress::Failed { .. })) = later.deed {
        actions.discard(deed);
    }
    actions.reschedule(message);
}
