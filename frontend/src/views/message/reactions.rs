//! The emoji under a message, each a button that puts one's own there or takes it away.

use leptos::prelude::*;
use shared::client::Part;
use shared::message::Reaction;
use shared::text::Emoji;

use super::{Drawn, tab_stop};
use crate::locales::use_words;
use crate::ui::Icon;
use crate::views::naming::{is_me, name_or_you};
use crate::views::talk::use_talk;

/// Most names in what a button says.
const NAMED: usize = 20;

#[component]
pub(super) fn Reactions(drawn: Memo<Drawn>, is_near: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let all = Memo::new(move |_| {
        let drawn = drawn.read();
        drawn.message.entry.more.as_ref().map(|more| more.reactions.clone()).unwrap_or_default()
    });
    let is_empty = Memo::new(move |_| all.read().is_empty());
    let add = move |_| {
        if let Some(seq) = drawn.with_untracked(|drawn| drawn.message.seq) {
            talk.open_menu(seq, super::tools::place_of(talk, seq, true));
        }
    };
    view! {
        <Show when=move || !is_empty.get()>
            <div class="reactions" role="group" aria-label=move || words().message.reactions>
                <For each=move || all.get() key=|reaction| reaction.emoji.clone() let:reaction>
                    <ReactionButton emoji=reaction.emoji all drawn is_near/>
                </For>
                <button
                    type="button"
                    class="reaction"
                    tabindex=tab_stop(is_near)
                    aria-label=move || words().message.react
                    on:click=add
                >
                    <Icon name="smile" small=true/>
                </button>
            </div>
        </Show>
    }
}

#[component]
fn ReactionButton(
    emoji: Emoji,
    all: Memo<Vec<Reaction>>,
    drawn: Memo<Drawn>,
    is_near: RwSignal<bool>,
) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let shown = emoji.to_string();
    let key = emoji.clone();
    let users = Memo::new(move |_| {
        let all = all.read();
        all.iter().find(|reaction| reaction.emoji == key).map(|found| found.users.clone()).unwrap_or_default()
    });
    let is_on =
        Memo::new(move |_| talk.state.peek(|client| users.read().iter().any(|user| is_me(client, *user))));
    let said = shown.clone();
    let label = Memo::new(move |_| {
        talk.state.read(Part::People, |client| {
            let users = users.read();
            let names: Vec<String> =
                users.iter().take(NAMED).map(|user| name_or_you(client, *user, words())).collect();
            let rest = users.len() - names.len();
            (words().message.reacted)(&said, &(words().general.and)(&names, rest))
        })
    });
    let toggle = move |_| {
        if let Some(seq) = drawn.with_untracked(|drawn| drawn.message.seq) {
            talk.react(seq, emoji.clone(), !is_on.get_untracked());
        }
    };
    view! {
        <button
            type="button"
            class="reaction"
            tabindex=tab_stop(is_near)
            aria-pressed=move || is_on.get().to_string()
            aria-label=label
            title=label
            on:click=toggle
        >
            {shown}" "{move || users.read().len()}
        </button>
    }
}
