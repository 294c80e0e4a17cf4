//! Code in blocks: as it was typed, in colours once they are there, and to be copied.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::syntax::{self, Kind};

use super::node;
use crate::answer::use_answer;
use crate::browser;
use crate::erased::live;
use crate::later::later;
use crate::locales::use_words;
use crate::ui::Icon;

/// A block of code.
#[component]
pub(super) fn CodeBlock(language: String, text: String) -> impl IntoView {
    let words = use_words();
    let shown = NodeRef::<html::Pre>::new();
    let copied = RwSignal::new(false);
    let (said, plain) = (text.clone(), text.clone());
    let copy = move |_| {
        let text = said.clone();
        spawn_local(async move {
            let is_there = browser::copy(&text).await;
            let _ = copied.try_set(is_there);
            if let Some(shown) = shown.try_get_untracked().flatten().filter(|_| !is_there) {
                browser::select(&shown);
            }
        });
    };
    // Plain until the colours are there, and where they do not come: the text is the same.
    let colours =
        (!language.is_empty()).then(|| use_answer(move || coloured(language.clone(), text.clone())));
    let drawn = move || {
        let coloured = colours.and_then(|colours| colours.read().as_ref()?.as_ref().ok().map(|view| view()));
        coloured.unwrap_or_else(|| node("code", "", vec![plain.clone().into_any()]))
    };
    let label = move || if copied.get() { words().settings.copied } else { words().markup.copy };
    view! {
        <div class="code">
            <pre node_ref=shown tabindex="0" dir="ltr">{live(drawn)}</pre>
            <button type="button" class="icon-btn" aria-label=label title=label on:click=copy>
                {live(move || view! { <Icon name=if copied.get() { "tick" } else { "copy" }/> })}
            </button>
        </div>
    }
}

later! {
    /// The code in colours, with the tables that takes.
    fn coloured(language: String, text: String) in code { node("code", "", pieces(&language, &text)) }
}

fn pieces(language: &str, text: &str) -> Vec<AnyView> {
    let Some(pieces) = syntax::pieces(language, text) else { return vec![text.to_owned().into_any()] };
    let piece = |(kind, text): (Kind, &str)| {
        let class = match kind {
            Kind::Plain => return text.to_owned().into_any(),
            Kind::Comment => "is-comment",
            Kind::Quoted => "is-quoted",
            Kind::Number => "is-number",
            Kind::Keyword => "is-keyword",
            Kind::Name => "is-name",
        };
        node("span", class, vec![text.to_owned().into_any()])
    };
    pieces.into_iter().map(piece).collect()
}
