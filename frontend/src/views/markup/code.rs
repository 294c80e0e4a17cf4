//! Code in blocks: as it was typed, in colours once they are there, and to be copied.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::syntax::{self, Kind};

use crate::browser;
use crate::locales::use_words;
use crate::ui::Icon;

/// A block of code.
#[component]
pub(super) fn CodeBlock(language: String, text: String) -> impl IntoView {
    let words = use_words();
    let shown = NodeRef::<html::Pre>::new();
    let copied = RwSignal::new(false);
    let said = text.clone();
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
    let label = move || if copied.get() { words().settings.copied } else { words().markup.copy };
    view! {
        <div class="code">
            <pre node_ref=shown tabindex="0" dir="ltr"><code>{coloured(&language, text)}</code></pre>
            <button type="button" class="icon-btn" aria-label=label title=label on:click=copy>
                {move || view! { <Icon name=if copied.get() { "tick" } else { "copy" }/> }}
            </button>
        </div>
    }
}

fn coloured(language: &str, text: String) -> Vec<AnyView> {
    let Some(pieces) = syntax::pieces(language, &text) else { return vec![text.into_any()] };
    let piece = |(kind, text): (Kind, &str)| {
        let class = match kind {
            Kind::Plain => return text.to_owned().into_any(),
            Kind::Comment => "is-comment",
            Kind::Quoted => "is-quoted",
            Kind::Number => "is-number",
            Kind::Keyword => "is-keyword",
            Kind::Name => "is-name",
        };
        super::node("span", class, vec![text.to_owned().into_any()])
    };
    pieces.into_iter().map(piece).collect()
}
