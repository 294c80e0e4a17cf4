//! A message as a bubble, with what became of it.

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::code::Code;
use shared::id::{ClientId, ConversationId, Seq};
use shared::markup::is_emoji_only;
use shared::rows::{Delivery, Message};
use web_sys::{Event, EventInit, HtmlTextAreaElement};

use super::markup::said;
use super::naming::name_of;
use super::ticks::Ticks;
use crate::actions::Actions;
use crate::browser;
use crate::locales::use_words;
use crate::state::State;
use crate::ui::{Avatar, Face, Icon};

/// One message. `first` of its group shows its author.
#[component]
pub fn MessageRow(
    id: ConversationId,
    message: Message,
    first: bool,
    key: String,
    composer: NodeRef<html::Textarea>,
) -> impl IntoView {
    let is_mine = message.delivery != Delivery::Theirs;
    let failed = match message.delivery {
        Delivery::Failed(code) => message.entry.client_id.map(|id| (id, code)),
        _ => None,
    };
    let (author, seq) = (message.entry.author, message.seq.map(|seq| seq.to_string()));
    let hue = Face::person(author, "").hue();
    let trouble = failed.map(|(id, code)| {
        let text = body_of(&message);
        view! { <Trouble id code text composer/> }
    });
    view! {
        <li
            class="msg item"
            class:is-first=first
            class:is-mine=is_mine
            style=("--h", hue.to_string())
            data-key=key
            data-seq=seq
        >
            {(first && !is_mine).then(|| view! { <AuthorFace author/> })}
            <div class="body">
                {first.then(|| view! { <Author author is_mine/> })}
                <Bubble id message/>
                {trouble}
            </div>
        </li>
    }
}

#[component]
fn AuthorFace(author: shared::id::UserId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let name = Memo::new(move |_| state.read(Part::People, |client| name_of(client, author, words())));
    move || view! { <Avatar face=Face::person(author, &name.read()) size="is-m"/> }
}

#[component]
fn Author(author: shared::id::UserId, is_mine: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    if is_mine {
        return view! { <h4 class="sr">{move || words().general.you}</h4> }.into_any();
    }
    let name = move || state.read(Part::People, |client| name_of(client, author, words()));
    view! { <h4 class="author">{name}</h4> }.into_any()
}

#[component]
fn Bubble(id: ConversationId, message: Message) -> impl IntoView {
    let text = body_of(&message);
    let is_large = is_emoji_only(&text);
    let meta = view! { <Meta id at=message.entry.at seq=message.seq delivery=message.delivery/> };
    let said = if is_large {
        view! { <p class="big">{text}</p>{meta} }.into_any()
    } else {
        said(&text, meta.into_any())
    };
    let has_failed = matches!(message.delivery, Delivery::Failed(_));
    view! {
        <div class="bubble" class:is-bare=is_large class:is-failed=has_failed>
            {said}
        </div>
    }
}

fn body_of(message: &Message) -> String {
    message.entry.message().map(|post| post.body.to_string()).unwrap_or_default()
}

#[component]
fn Meta(
    id: ConversationId,
    at: shared::id::Timestamp,
    seq: Option<Seq>,
    delivery: Delivery,
) -> impl IntoView {
    let words = use_words();
    let icon = match delivery {
        Delivery::Theirs | Delivery::Sent => None,
        Delivery::Waiting => Some("clock"),
        Delivery::Failed(_) => Some("alert"),
    };
    let state = move || match delivery {
        Delivery::Waiting => words().room.waiting,
        Delivery::Failed(_) => words().room.failed,
        Delivery::Theirs | Delivery::Sent => "",
    };
    let ticks = (delivery == Delivery::Sent).then(|| view! { <Ticks id seq/> });
    view! {
        <span class="meta">
            <time>{browser::time_of_day(at)}</time>
            {icon.map(|name| view! { <Icon name/><span class="sr">{state}</span> })}
            {ticks}
        </span>
    }
}

/// Why a message was not sent, and the ways out.
#[component]
fn Trouble(id: ClientId, code: Code, text: String, composer: NodeRef<html::Textarea>) -> impl IntoView {
    let actions = expect_context::<Actions>();
    let words = use_words();
    let is_composer_busy = RwSignal::new(false);
    let edit = move |_| {
        let Some(field) = composer.get_untracked() else { return };
        if field.value().trim().is_empty() {
            put(&field, &text);
            actions.discard(id);
        } else {
            is_composer_busy.set(true);
        }
        // Without focus one can still click into it.
        let _ = field.focus();
    };
    let why = move || {
        if is_composer_busy.get() {
            words().room.composer_busy.to_owned()
        } else {
            (words().room.not_sent)(match code {
                Code::NotAllowed => words().room.may_not_write,
                code => (words().code)(code),
            })
        }
    };
    view! {
        <div class="trouble">
            <span role="status">{why}</span>
            <button type="button" class="link-btn" on:click=move |_| actions.retry(id)>
                {move || words().room.retry}
            </button>
            <button type="button" class="link-btn" on:click=edit>{move || words().room.edit}</button>
            <button type="button" class="link-btn is-danger" on:click=move |_| actions.discard(id)>
                {move || words().room.discard}
            </button>
        </div>
    }
}

/// Writes into the empty composer as if it had been typed, so that it is kept as a draft.
fn put(field: &HtmlTextAreaElement, text: &str) {
    field.set_value(text);
    let options = EventInit::new();
    options.set_bubbles(true);
    if let Ok(input) = Event::new_with_event_init_dict("input", &options) {
        // Only a cancelled event answers false, and nobody cancels this one.
        let _ = field.dispatch_event(&input);
    }
}
