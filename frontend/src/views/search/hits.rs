//! The messages that were found; each leads to its place.

use leptos::prelude::*;
use shared::client::{Client, Part};
use shared::http::Hit;
use shared::markup::excerpt;
use shared::model::Kind;

use super::asking::Asking;
use crate::browser;
use crate::locales::{Words, use_language, use_words};
use crate::place::{Place, use_place};
use crate::state::State;
use crate::ui::{Avatar, Face};
use crate::views::naming::{face_of, is_me, name_of, title_of};

/// Most characters of a message that are shown.
const SHOWN: usize = 120;

/// The group.
#[component]
pub(super) fn Hits(asking: Asking) -> impl IntoView {
    let words = use_words();
    let is_empty = move || asking.found.read().hits.is_empty() || asking.wanted.read().is_nothing();
    let has_more = move || asking.found.read().next.is_some();
    let hits = move || asking.found.read().hits.clone();
    view! {
        <h2 hidden=is_empty>{move || words().search.messages}</h2>
        <ul class="messages" hidden=is_empty aria-busy=move || asking.waits().to_string()>
            <For each=hits key=|hit| (hit.conversation, hit.entry.seq, hit.marks.clone().into_vec()) let:hit>
                <li><HitRow hit/></li>
            </For>
        </ul>
        <p class="more" hidden=move || is_empty() || !has_more()>
            // Never disabled: it would lose the focus.
            <button
                type="button"
                class="hit btn is-small is-quiet"
                on:click=move |_| if !asking.is_waiting() { asking.again() }
            >
                {move || words().search.more}
            </button>
        </p>
    }
}

/// What a row shows of where a message is.
#[derive(PartialEq)]
struct Shown {
    face: Option<Face>,
    title: String,
    who: Option<String>,
}

#[component]
fn HitRow(hit: Hit) -> impl IntoView {
    let state = expect_context::<State>();
    let (words, language) = (use_words(), use_language());
    let place = use_place();
    let (conversation, seq, at) = (hit.conversation, hit.entry.seq, hit.entry.at);
    let said = hit.entry.message().map(|post| excerpt(post.body.as_str(), &hit.marks, SHOWN));
    let said = said.into_iter().flatten().map(|(piece, is_marked)| {
        if is_marked { view! { <mark>{piece}</mark> }.into_any() } else { piece.into_any() }
    });
    let said = said.collect_view();
    let shown = Memo::new(move |_| {
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| shown(client, &hit, words()))
    });
    let is_open = move || {
        let place = place.read();
        (place.conversation == Some(conversation) && place.message == Some(seq)).then_some("true")
    };
    let avatar = move || shown.read().face.clone().map(|face| view! { <Avatar face size="is-m"/> });
    let who = move || {
        let who = shown.read().who.clone();
        who.map(|who| view! { <span class="who">{(words().list.said)(&who)}</span> })
    };
    view! {
        <a class="hit" href=Place::message_path(conversation, seq) aria-current=is_open>
            {avatar}
            <span class="grow">
                <span class="line">
                    <span class="nm clip">{move || shown.read().title.clone()}</span>
                    <time>{move || browser::found_when(at, language())}</time>
                </span>
                <span class="said">{who}{said}</span>
            </span>
        </a>
    }
}

fn shown(client: &Client, hit: &Hit, words: &Words) -> Shown {
    let author = hit.entry.author;
    let room = client.room(hit.conversation);
    // In a direct conversation one knows who the other is.
    let is_direct = room.is_some_and(|room| room.summary().kind == Kind::Direct);
    let who = if is_me(client, author) {
        Some(words.general.you.to_owned())
    } else {
        (!is_direct).then(|| name_of(client, author, words))
    };
    Shown {
        face: room.map(|room| face_of(client, room, words)),
        title: room.map(|room| title_of(client, room, words)).unwrap_or_default(),
        who,
    }
}
