//! The composer: an uncontrolled field, so that nothing disturbs an input method, and a draft for each conversation.

mod draft;

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::{ConversationId, Timestamp};
use shared::text::{BODY_CHARS, Body, TextError};
use web_sys::KeyboardEvent;

use super::later::{LaterLine, use_later};
use super::naming::{kind_of, title_of};
use super::typing::use_tell_typing;
use crate::actions::Actions;
use crate::locales::use_words;
use crate::state::State;
use crate::ui::{Icon, is_composed};
use draft::{DraftStrip, Field, use_draft};

/// From so many characters on, the count is shown.
const COUNT_FROM: usize = 3_800;

/// What besides the text itself is known of it.
#[derive(Clone, Copy, Default, PartialEq)]
struct Typed {
    chars: usize,
    is_blank: bool,
    /// Sending was refused because too many messages wait.
    is_full: bool,
}

impl Typed {
    fn of(text: &str) -> Self {
        let is_blank = matches!(Body::try_from(text), Err(TextError::Empty));
        Self { chars: text.chars().count(), is_blank, is_full: false }
    }
}

/// The field and its button.
#[component]
pub fn Composer(id: ConversationId, node: NodeRef<html::Textarea>) -> impl IntoView {
    let words = use_words();
    let label = use_label(id);
    let typed = RwSignal::new(Typed::default());
    let draft = use_draft((id, None), node, move |text| typed.set(Typed::of(text)));
    let send = use_send(id, node, typed, draft);
    let later = use_later(move |due| send(Some(due)));
    let sends = use_sends();
    let enter_hint = use_enter_hint();
    Effect::new(move |_| {
        if let Some(field) = node.get()
            && is_wide()
        {
            // Without focus one can still click into it.
            let _ = field.focus();
        }
    });
    let tell_typing = use_tell_typing(id);
    let on_input = move |input: web_sys::Event| {
        if let Some(field) = node.get_untracked() {
            let text = field.value();
            typed.set(Typed::of(&text));
            // Text that was put there, or taken away altogether, is nothing that comes soon.
            if input.is_trusted() && !typed.read_untracked().is_blank {
                tell_typing();
            }
            draft.typed(text);
        }
    };
    view! {
        <form class="composer" on:submit=move |submit| { submit.prevent_default(); send(None); }>
            <DraftStrip draft/>
            <LaterLine id/>
            <div class="composer-box">
                <div class="entry">
                    <textarea
                        node_ref=node
                        rows="1"
                        dir="auto"
                        prop:value=draft.text()
                        enterkeyhint=enter_hint
                        aria-label=label
                        aria-describedby="composer-note"
                        placeholder=label
                        on:input=on_input
                        on:compositionstart=move |_| draft.composes(true)
                        on:compositionend=move |_| draft.composes(false)
                        on:keydown=move |key| if sends(&key) { key.prevent_default(); send(None); }
                    ></textarea>
                    {later.button(Signal::derive(move || typed.read().is_blank))}
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
                </div>
            </div>
            <Note typed/>
            {later.dialog()}
        </form>
    }
}

/// How long the text is when it gets long, and why it was not sent.
#[component]
fn Note(typed: RwSignal<Typed>) -> impl IntoView {
    let words = use_words();
    let is_bad = move || typed.read().chars > BODY_CHARS || typed.read().is_full;
    let note = move || {
        let typed = typed.get();
        if typed.is_full {
            words().composer.full.to_owned()
        } else if typed.chars > BODY_CHARS {
            (words().composer.too_long)(typed.chars - BODY_CHARS)
        } else if typed.chars >= COUNT_FROM {
            (words().composer.count)(typed.chars, BODY_CHARS)
        } else {
            String::new()
        }
    };
    view! { <p class="composer-hint" class:is-bad=is_bad id="composer-note" role="status">{note}</p> }
}

/// Sends what is written, now or at a moment to come, if it can be sent; otherwise it stays where it is.
fn use_send(
    id: ConversationId,
    node: NodeRef<html::Textarea>,
    typed: RwSignal<Typed>,
    draft: Field,
) -> impl Fn(Option<Timestamp>) + Copy + Send + Sync + 'static {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    move |due| {
        let Some(field) = node.get_untracked() else { return };
        let Ok(body) = Body::try_from(field.value()) else { return };
        if !state.peek(|client| client.outbox().has_room()) {
            typed.update(|typed| typed.is_full = true);
            return;
        }
        // The kept draft goes when the message is on disk, not before.
        field.set_value("");
        typed.set(Typed { is_blank: true, ..Typed::default() });
        match due {
            None => actions.say(id, body),
            Some(due) => actions.schedule((id, None), body, due),
        }
        draft.sent();
        // Whoever sends goes on writing; where the field cannot have the focus, nothing is lost.
        let _ = field.focus();
    }
}

/// Whether a key sends.
fn use_sends() -> impl Fn(&KeyboardEvent) -> bool + Copy + 'static {
    let prefs = expect_context::<State>().prefs;
    move |key| {
        let with_ctrl = key.ctrl_key() || key.meta_key();
        let means_it = with_ctrl || prefs.read_untracked().enter_sends;
        key.key() == "Enter" && means_it && !key.shift_key() && !key.alt_key() && !is_composed(key)
    }
}

/// What a phone's keyboard shows on its Enter key.
fn use_enter_hint() -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    let prefs = expect_context::<State>().prefs;
    move || if prefs.read().enter_sends { "send" } else { "enter" }
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
