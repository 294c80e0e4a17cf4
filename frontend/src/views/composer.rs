//! The composer: an uncontrolled field, so that nothing disturbs an input method, and a draft for each conversation.
//!
//! Only its frame is here: strips above, a row of buttons and the field, a line below.

mod draft;
mod note;
mod sending;
mod writing;

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::ConversationId;
use web_sys::KeyboardEvent;

use self::draft::DraftStrip;
use self::note::Note;
use self::sending::{use_enter_hint, use_send, use_sends};
use self::writing::Writing;
use super::later::{LaterChoice, LaterLine, use_later};
use super::naming::{kind_of, title_of};
use super::typing::use_tell_typing;
use crate::locales::use_words;
use crate::state::State;
use crate::ui::{Icon, is_composed};

/// The field, what stands around it, and who is asked what a key means.
#[component]
pub fn Composer(id: ConversationId, node: NodeRef<html::Textarea>) -> impl IntoView {
    let label = use_label(id);
    let writing = Writing::new(id, node);
    let draft = writing.draft;
    let (send, sends, enter_hint) = (use_send(writing), use_sends(), use_enter_hint());
    let later = use_later(move |due| send(Some(due)));
    Effect::new(move |_| {
        if let Some(field) = node.get()
            && is_wide()
        {
            // Without focus one can still click into it.
            let _ = field.focus();
        }
    });
    let tell_typing = use_tell_typing(id);
    // The first that takes a key keeps it; what an input method has is nobody else's.
    let on_keydown = move |key: KeyboardEvent| {
        if is_composed(&key) {
            return;
        }
        if sends(&key) {
            key.prevent_default();
            send(None);
        }
    };
    view! {
        <form class="composer" on:submit=move |submit| { submit.prevent_default(); send(None); }>
            <DraftStrip draft/>
            <LaterLine id/>
            <div class="composer-box">
                // Strips stand here, above the field: what is answered, what is edited, how it will look.
                // Then rows of buttons.
                <div class="entry">
                    // Buttons before the field.
                    <textarea
                        node_ref=node
                        rows="1"
                        dir="auto"
                        prop:value=draft.text()
                        enterkeyhint=enter_hint
                        aria-label=label
                        aria-describedby="composer-note"
                        placeholder=label
                        on:input=move |input| {
                            let is_begun = writing.typed.read_untracked().is_blank;
                            writing.changed();
                            // Text that was put there, or taken away altogether, is nothing that comes soon.
                            if input.is_trusted() && !writing.typed.read_untracked().is_blank {
                                tell_typing(is_begun);
                            }
                        }
                        on:compositionstart=move |_| draft.composes(true)
                        on:compositionend=move |_| draft.composes(false)
                        on:keydown=on_keydown
                    ></textarea>
                    // Buttons behind it.
                    {later.button(Signal::derive(move || writing.typed.read().is_blank))}
                    <SendButton writing later/>
                </div>
            </div>
            <Note writing/>
            {later.dialog()}
        </form>
    }
}

#[component]
fn SendButton(writing: Writing, later: LaterChoice) -> impl IntoView {
    let words = use_words();
    let typed = writing.typed;
    view! {
        // Pressing it must not take the focus out of the field, or a phone's keyboard folds.
        <button
            type="submit"
            class="icon-btn is-primary"
            class:is-idle=move || typed.read().is_blank
            aria-disabled=move || typed.read().is_blank.to_string()
            aria-label=move || words().composer.send
            title=move || words().composer.send
            on:mousedown=|press| press.prevent_default()
            // A long press on a phone, the other button of a mouse, the key for menus.
            on:contextmenu=move |click| {
                click.prevent_default();
                later.open(typed.read_untracked().is_blank);
            }
        >
            <Icon name="send"/>
        </button>
    }
}

fn use_label(id: ConversationId) -> Memo<String> {
    let state = expect_context::<State>();
    let words = use_words();
    Memo::new(move |_| {
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| {
            let title = client.room(id).map(|room| title_of(client, room, words())).unwrap_or_default();
            (words().composer.message_to)(kind_of(client, id), &title)
        })
    })
}

/// On a narrow screen the focus would open the keyboard over what one came to read.
fn is_wide() -> bool {
    let query = window().match_media("(width >= 720px)");
    query.ok().flatten().is_some_and(|query| query.matches())
}
