//! The composer: an uncontrolled field, so that nothing disturbs an input method, and a draft for each conversation.
//!
//! Only its frame is here: strips above, a row of buttons and the field, a line below.

mod completion;
mod draft;
mod format;
mod note;
mod plus;
mod preview;
mod sending;
mod smile;
mod strip;
mod undo;
mod writing;

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::ConversationId;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, KeyboardEvent};

use self::completion::Completion;
use self::draft::DraftStrip;
use self::format::format_row;
use self::note::Note;
use self::plus::PlusButton;
use self::preview::preview;
use self::sending::{use_enter_hint, use_send, use_sends};
use self::smile::{Emoji, EmojiButton};
use self::strip::Strip;
use self::undo::{ToastLine, use_undo};
use self::writing::Writing;
use super::naming::{kind_of, title_of};
use super::scheduled::{LaterChoice, LaterLine, use_later};
use super::talk::{Talk, Toast, use_talk};
use super::typing::use_tell_typing;
use crate::aside::Aim;
use crate::erased::{effect, live, memo};
use crate::later::later_view;
use crate::locales::{say, use_words};
use crate::ui::{Icon, is_composed};

/// The field, what stands around it, and who is asked what a key means.
#[component]
pub fn Composer(id: ConversationId, node: NodeRef<html::Textarea>) -> impl IntoView {
    let talk = use_talk();
    let label = use_label(talk);
    let writing = Writing::new(talk);
    let undo = use_undo(talk);
    let completion = Completion::new(writing);
    let picking = RwSignal::new(false);
    let (shows_format, shows_preview) = (RwSignal::new(false), RwSignal::new(false));
    let draft = writing.draft;
    let (send, sends, enter_hint) = (use_send(writing), use_sends(), use_enter_hint());
    let later = use_later(move |due| send(Some(due)));
    effect(move || {
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
        if completion.takes(&key) {
            return;
        }
        if sends(&key) {
            key.prevent_default();
            send(None);
        } else if steers(talk, undo, &key) {
            key.prevent_default();
        } else if previews(&key) {
            key.prevent_default();
            shows_preview.update(|shows| *shows = !*shows);
        } else if format::takes(writing, &key) {
            key.prevent_default();
        }
    };
    view! {
        <form class="composer" on:submit=move |submit| { submit.prevent_default(); send(None); }>
            <ToastLine/>
            <DraftStrip draft/>
            {talk.thread.is_none().then(|| view! { <LaterLine id/> })}
            {completion.list()}
            <Emoji writing open=picking/>
            <div class="composer-box">
                // Strips stand here, above the field: what is answered, what is edited, how it will look.
                <Strip/>
                {live(move || shows_preview.get().then(|| later_view(move || preview(writing))))}
                // Then rows of buttons.
                {live(move || shows_format.get().then(|| later_view(move || format_row(writing, shows_preview))))}
                <div class="entry">
                    // Buttons before the field.
                    <PlusButton/>
                    <FormatButton shows_format/>
                    <textarea
                        node_ref=node
                        rows="1"
                        dir="auto"
                        prop:value=writing.text()
                        enterkeyhint=enter_hint
                        aria-label=label
                        aria-describedby=talk.name("composer-note")
                        aria-autocomplete="list"
                        aria-controls=Signal::derive(move || completion.list_name())
                        aria-activedescendant=Signal::derive(move || completion.active())
                        placeholder=label
                        on:input=move |input| {
                            let is_begun = writing.typed.read_untracked().is_blank;
                            writing.changed();
                            // What the page itself wrote into the field is nobody's typing.
                            if let Some(input) = input.dyn_ref() {
                                completion.typed(input);
                            }
                            // Text that was put there, or taken away altogether, is nothing that comes soon; nor is what
                            // was said before and is being changed.
                            let is_soon = !writing.is_edit() && !writing.typed.read_untracked().is_blank;
                            if input.is_trusted() && is_soon {
                                tell_typing(is_begun);
                            }
                        }
                        on:compositionstart=move |_| draft.composes(true)
                        on:compositionend=move |_| {
                            draft.composes(false);
                            completion.composed();
                        }
                        on:click=move |_| completion.look()
                        on:keyup=move |key| completion.moved(&key)
                        on:blur=move |_| completion.close()
                        on:keydown=on_keydown
                        on:paste=move |paste| take_pasted(writing, &paste)
                    ></textarea>
                    // Buttons behind it.
                    <EmojiButton open=picking/>
                    {later.button(Signal::derive(move || !writing.can_wait()))}
                    <SendButton writing later/>
                </div>
            </div>
            <Note writing/>
            {later.dialog()}
        </form>
    }
}

/// An address that is pasted over words becomes their link.
fn take_pasted(writing: Writing, paste: &ClipboardEvent) {
    let pasted = paste.clipboard_data().and_then(|data| data.get_data("text/plain").ok());
    if pasted.is_some_and(|pasted| format::pastes(writing, &pasted)) {
        paste.prevent_default();
    }
}

/// What a key does that writes nothing: up to what was said last, and away from an answer or a change.
fn steers(talk: Talk, undo: Callback<()>, key: &KeyboardEvent) -> bool {
    let with_ctrl = key.ctrl_key() || key.meta_key();
    if key.alt_key() || key.shift_key() {
        return false;
    }
    let is_blank = || talk.composer.get_untracked().is_some_and(|field| field.value().is_empty());
    let is_saying = talk.aim.get_untracked() == Aim::Say;
    match key.key().as_str() {
        "Escape" if !is_saying => talk.stop(),
        "ArrowUp" if !with_ctrl && is_saying && is_blank() => return talk.edit_last(),
        "z" | "Z"
            if with_ctrl && is_blank() && matches!(talk.toast.get_untracked(), Some(Toast::Sent(_))) =>
        {
            undo.run(());
        }
        _ => return false,
    }
    true
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
            class:is-idle=Signal::derive(move || typed.read().is_blank)
            aria-disabled=Signal::derive(move || typed.read().is_blank.to_string())
            aria-label=say(words, |words| words.composer.send)
            title=say(words, |words| words.composer.send)
            on:mousedown=|press| press.prevent_default()
            // A long press on a phone, the other button of a mouse, the key for menus.
            on:contextmenu=move |click| {
                click.prevent_default();
                later.open(!untrack(|| writing.can_wait()));
            }
        >
            <Icon name="send"/>
        </button>
    }
}

/// Opens the row of styles.
#[component]
fn FormatButton(shows_format: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    view! {
        <button
            type="button"
            class="icon-btn"
            aria-expanded=Signal::derive(move || shows_format.get().to_string())
            aria-label=say(words, |words| words.markup.format)
            title=say(words, |words| words.markup.format)
            on:mousedown=|press| press.prevent_default()
            on:click=move |_| shows_format.update(|shows| *shows = !*shows)
        >
            <span aria-hidden="true">"Aa"</span>
        </button>
    }
}

/// Whether a key shows how the text will look: Ctrl-Shift-P, which Firefox takes for itself, or Ctrl-Alt-P.
fn previews(key: &KeyboardEvent) -> bool {
    let with_ctrl = key.ctrl_key() || key.meta_key();
    with_ctrl && (key.shift_key() || key.alt_key()) && key.code() == "KeyP"
}

fn use_label(talk: Talk) -> Memo<String> {
    let Talk { id, state, .. } = talk;
    let words = use_words();
    memo(move |_| {
        if talk.thread.is_some() {
            return words().thread.message.to_owned();
        }
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
