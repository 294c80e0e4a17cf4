//! The strip above the field: which message is being answered or changed.

use leptos::prelude::*;
use shared::client::Part;

use crate::aside::Aim;
use crate::erased::{live, memo};
use crate::locales::{say, use_words};
use crate::ui::Icon;
use crate::views::message::one_line;
use crate::views::talk::use_talk;

/// The strip, while there is something to say in it.
#[component]
pub fn Strip() -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let shown = memo(move |_| {
        let (seq, is_edit) = match talk.aim.get() {
            Aim::Say => return None,
            Aim::Reply(seq) => (seq, false),
            Aim::Edit(seq) => (seq, true),
        };
        talk.state.read(Part::People, |_| ());
        let line =
            talk.state.read(Part::Conversation(talk.id), |client| one_line(client, talk.id, seq, words()));
        let (who, hue) = line.who.unwrap_or_default();
        let title =
            if is_edit { words().message.editing.to_owned() } else { (words().message.replying)(&who) };
        Some((is_edit, title, line.text, hue))
    });
    live(move || {
        shown.get().map(|(is_edit, title, text, hue)| {
            view! {
                <div class="strip" style=("--h", hue.to_string())>
                    <Icon name=if is_edit { "write" } else { "reply" }/>
                    <span class="grow"><strong class="clip">{title}</strong><span class="clip">{text}</span></span>
                    <button
                        type="button"
                        class="icon-btn"
                        aria-label=say(words, |words| words.message.cancel)
                        title=say(words, |words| words.message.cancel)
                        on:click=move |_| { talk.stop(); talk.focus(); }
                    >
                        <Icon name="x"/>
                    </button>
                </div>
            }
        })
    })
}
