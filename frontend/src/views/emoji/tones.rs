//! The skin tone that people have from now on.

use leptos::prelude::*;

use crate::emoji;
use crate::erased::{Show, live};
use crate::locales::{say, use_words};

const HANDS: [&str; shared::emoji::TONES.len()] = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"];

/// A button that shows the tone, and the six to choose from.
#[component]
pub fn Tones(tone: RwSignal<usize>) -> impl IntoView {
    let words = use_words();
    let is_open = RwSignal::new(false);
    let choose = move |chosen| {
        emoji::set_tone(chosen);
        tone.set(chosen);
        is_open.set(false);
    };
    let hand = move |(number, hand): (usize, &'static str)| {
        view! {
            <button
                type="button"
                aria-pressed=(number == tone.get_untracked()).to_string()
                aria-label=Signal::derive(move || words().emoji.tones[number])
                on:click=move |_| choose(number)
            >
                {hand}
            </button>
        }
    };
    view! {
        <button
            type="button"
            class="tone"
            aria-label=say(words, |words| words.emoji.tone)
            title=say(words, |words| words.emoji.tone)
            aria-expanded=Signal::derive(move || is_open.get().to_string())
            on:click=move |_| is_open.update(|open| *open = !*open)
        >
            {live(move || HANDS[tone.get()])}
        </button>
        <Show when=move || is_open.get()>
            <div class="tones" role="group" aria-label=say(words, |words| words.emoji.tone)>
                {HANDS.into_iter().enumerate().map(hand).collect_view()}
            </div>
        </Show>
    }
}
