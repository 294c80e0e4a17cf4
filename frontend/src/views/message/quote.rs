//! What a message answers: a name and one line, which lead to it.

use leptos::prelude::*;
use shared::client::{Client, Part, Quote};
use shared::id::{ConversationId, Seq};
use shared::model::Entry;

use super::tab_stop;
use crate::locales::{Words, use_words};
use crate::ui::Face;
use crate::views::Jump;
use crate::views::naming::name_or_you;
use crate::views::talk::use_talk;

/// A message in one line.
#[derive(Clone, PartialEq, Default)]
pub struct OneLine {
    /// Whose it is, and their colour; nobody's if it cannot be seen.
    pub who: Option<(String, u16)>,
    pub text: String,
}

/// The message at a place in one line.
pub fn one_line(client: &Client, id: ConversationId, seq: Seq, words: &Words) -> OneLine {
    match client.room(id).map_or(Quote::Nothing, |room| room.quote(seq)) {
        Quote::Here(entry) => one_line_of(client, entry, words),
        Quote::Nothing => OneLine { who: None, text: words.message.quote_gone.to_owned() },
        Quote::Unknown => OneLine { who: None, text: "…".to_owned() },
    }
}

/// An entry in one line.
pub fn one_line_of(client: &Client, entry: &Entry, words: &Words) -> OneLine {
    let who = name_or_you(client, entry.author, words);
    let text = match entry.message() {
        Some(post) => shortened(post.body.as_str()),
        None => words.room.recalled.to_owned(),
    };
    OneLine { who: Some((who, Face::person(entry.author, "").hue())), text }
}

/// The beginning of a text, on one line: no more than a quote could show.
fn shortened(text: &str) -> String {
    text.trim_start().chars().take(160).map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// The quote in a bubble.
#[component]
pub(super) fn QuoteOf(seq: Seq, is_near: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let jump = expect_context::<Jump>();
    let line = Memo::new(move |_| {
        talk.state.read(Part::People, |_| ());
        talk.state.read(Part::Conversation(talk.id), |client| one_line(client, talk.id, seq, words()))
    });
    view! {
        <button
            type="button"
            class="quote"
            tabindex=tab_stop(is_near)
            style=("--h", move || line.read().who.as_ref().map_or(230, |(_, hue)| *hue).to_string())
            on:click=move |_| jump.to(talk.id, seq)
        >
            {move || line.read().who.clone().map(|(who, _)| view! { <strong class="clip">{who}</strong> })}
            <span class="clip">{move || line.read().text.clone()}</span>
        </button>
    }
}
