//! One conversation as a row of the list.

use leptos::prelude::*;
use shared::client::{Client, Part, Room};
use shared::frame::Deed;
use shared::id::{ConversationId, Timestamp};
use shared::markup::plain;
use shared::model::Kind;
use shared::outbox;
use shared::own::Level;
use shared::receipt::Reach;

use super::naming::{face_of, is_me, kind_of, name_of, title_of};
use super::today::use_today;
use super::typing::use_typists;
use crate::browser;
use crate::erased::{live, memo};
use crate::locales::{Words, say, use_language, use_words};
use crate::place::Place;
use crate::state::State;
use crate::ui::{Avatar, Face, Icon};

/// What a row shows of its conversation.
#[derive(Clone, PartialEq)]
struct Shown {
    face: Face,
    title: String,
    unread: u32,
    /// How many of the unread call this person.
    mentions: u32,
    at: Timestamp,
    last: Last,
}

/// How far one's own newest message got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Got {
    Waiting,
    Failed,
    Reached(Reach),
}

/// The last line.
#[derive(Clone, PartialEq)]
enum Last {
    Nothing,
    /// One's own, with how far it got.
    Mine {
        got: Got,
        text: String,
    },
    Theirs {
        who: Option<String>,
        text: String,
    },
}

/// A row; it leads to its conversation.
#[component]
pub fn ConversationRow(id: ConversationId, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let state = expect_context::<State>();
    let (words, language, today) = (use_words(), use_language(), use_today());
    let shown = memo(move |_| {
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| client.room(id).map(|room| shown(client, room, words())))
    });
    let is_open = memo(move |_| open.get() == Some(id));
    // The open conversation's draft stands in its composer.
    let draft = memo(move |_| {
        if is_open.get() { String::new() } else { state.read(Part::Own, |client| draft_in(client, id)) }
    });
    let is_muted = memo(move |_| state.read(Part::Own, |client| client.level(id) != Level::All));
    let unread = memo(move |_| shown.read().as_ref().map_or(0, |shown| shown.unread));
    let when = move || {
        today.track();
        shown.read().as_ref().map(|shown| browser::short_when(shown.at, language()))
    };
    // In a direct conversation one knows who it is; in others the line under the timeline says so.
    let is_direct = state.peek(|client| kind_of(client, id)) == Kind::Direct;
    let typists = is_direct.then(|| use_typists(id));
    let is_typing = memo(move |_| typists.is_some_and(|typists| !typists.read().is_empty()));
    let last = move || match draft.get() {
        draft if draft.trim().is_empty() && is_typing.get() => Some(
            view! { <span class="last clip is-typing">{say(words, |words| words.list.typing)}</span> }
                .into_any(),
        ),
        draft if draft.trim().is_empty() => {
            shown.read().as_ref().map(|shown| view! { <LastLine last=shown.last.clone()/> }.into_any())
        }
        draft => {
            let line = view! {
                <span class="last clip"><span class="draft">{say(words, |words| words.list.draft)}</span>" "{draft}</span>
            };
            Some(line.into_any())
        }
    };
    let is_called = memo(move |_| shown.read().as_ref().is_some_and(|shown| shown.mentions > 0));
    let call = move || {
        is_called.get().then(|| {
            view! {
                <span class="badge" aria-hidden="true">"@"</span>
                <span class="sr">{say(words, |words| words.list.mentioned)}</span>
            }
        })
    };
    let badge = move || {
        let unread = unread.get();
        (unread > 0).then(|| {
            let shown = if unread > 99 { "99+".to_owned() } else { unread.to_string() };
            view! {
                <span class="badge" aria-hidden="true">{shown}</span>
                <span class="sr">{live(move || (words().list.unread)(unread))}</span>
            }
        })
    };
    view! {
        <a
            class="row"
            class:is-unread=Signal::derive(move || { unread.get() > 0 })
            class:is-muted=is_muted
            href=Place::path(id)
            aria-current=Signal::derive(move || is_open.get().then_some("page"))
        >
            {live(move || shown.read().as_ref().map(|shown| view! { <Avatar face=shown.face.clone()/> }))}
            <span>
                <span class="line">
                    <span class="name clip">{live(move || shown.read().as_ref().map(|shown| shown.title.clone()))}</span>
                    {live(move || is_muted.get().then(|| view! { <span class="sr">{say(words, |words| words.list.muted)}</span> }))}
                    <time>{live(when)}</time>
                </span>
                <span class="line">{live(last)}{live(call)}{live(badge)}</span>
            </span>
        </a>
    }
}

#[component]
fn LastLine(last: Last) -> impl IntoView {
    let words = use_words();
    match last {
        Last::Nothing => {
            view! { <span class="last clip is-quiet">{say(words, |words| words.list.nothing_yet)}</span> }
                .into_any()
        }
        Last::Theirs { who, text } => view! {
            <span class="last clip">
                // The name may be cut; what stands between it and the text is not.
                {who.map(|who| view! { <span class="who">{who}</span> {live(move || (words().list.said)(""))} })} {text}
            </span>
        }
        .into_any(),
        Last::Mine { got, text } => {
            let state = move || match got {
                Got::Waiting => words().room.waiting,
                Got::Failed => words().room.failed,
                Got::Reached(Reach::Sent) => words().room.sent,
                Got::Reached(Reach::Got) => words().room.delivered,
                Got::Reached(Reach::Read) => words().room.read,
            };
            let name = match got {
                Got::Waiting => "clock",
                Got::Failed => "alert",
                Got::Reached(Reach::Sent) => "tick",
                Got::Reached(Reach::Got | Reach::Read) => "ticks",
            };
            let is_read = got == Got::Reached(Reach::Read);
            view! {
                <span class="delivery" class:is-bad=got == Got::Failed class:is-read=is_read>
                    <Icon name small=true/>
                    <span class="sr">{live(state)}</span>
                </span>
                <span class="last clip">{text}</span>
            }
            .into_any()
        }
    }
}

/// What is typed there and not sent, on whichever device.
fn draft_in(client: &Client, id: ConversationId) -> String {
    client.draft((id, None)).map(|(text, _)| one_line(text)).unwrap_or_default()
}

fn shown(client: &Client, room: &Room, words: &Words) -> Shown {
    let (at, last) = last_line(client, room, words);
    let (face, title) = (face_of(client, room, words), title_of(client, room, words));
    Shown { face, title, unread: room.unread(), mentions: room.mentions(), at, last }
}

fn last_line(client: &Client, room: &Room, words: &Words) -> (Timestamp, Last) {
    let on_its_way = client.outbox().of(room.summary().id).filter_map(|pending| match &pending.deed {
        Deed::Post { body, .. } => Some((pending, body)),
        _ => None,
    });
    if let Some((pending, body)) = on_its_way.last() {
        let got = match pending.state {
            outbox::State::Failed { .. } => Got::Failed,
            outbox::State::Sent { .. } => Got::Reached(Reach::Sent),
            outbox::State::Writing | outbox::State::Queued | outbox::State::Sending => Got::Waiting,
        };
        return (pending.composed_at, Last::Mine { got, text: one_line(body.as_str()) });
    }
    let Some(entry) = room.last() else { return (room.summary().made_at, Last::Nothing) };
    let text = match entry.message() {
        Some(post) => one_line(post.body.as_str()),
        None => words.room.recalled.to_owned(),
    };
    let last = if is_me(client, entry.author) {
        Last::Mine { got: Got::Reached(client.reach(room.summary().id, entry.seq)), text }
    } else {
        let who = (room.summary().kind != Kind::Direct).then(|| name_of(client, entry.author, words));
        Last::Theirs { who, text }
    };
    (entry.at, last)
}

/// The beginning of a text, on one line: no more than a row could show.
fn one_line(text: &str) -> String {
    plain(text, 120)
}
