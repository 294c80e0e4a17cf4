//! Everything that can be done with one message: a menu beside it, or a sheet from below on a narrow screen.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::frame::Deed;
use shared::id::{ConversationId, Seq};
use shared::model::{Entry, Kind};
use shared::text::Emoji;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};

use super::emoji_picker;
use super::naming::is_me;
use super::talk::{Talk, Toast, may_edit, use_talk};
use crate::browser;
use crate::later::later_view;
use crate::locales::{Message as Word, use_words};
use crate::place::Place;
use crate::ui::{Dialog, Icon};

/// The emoji at hand.
const QUICK: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/// Opens the thread of a message, where threads can be shown.
#[derive(Clone, Copy)]
pub struct OpenThread(pub Callback<Seq>);

/// The message that the menu is about.
struct Target {
    seq: Seq,
    entry: Arc<Entry>,
    is_mine: bool,
    thread: Option<OpenThread>,
}

/// One line of the menu.
struct Item {
    icon: &'static str,
    word: fn(&Word) -> &'static str,
    fits: fn(&Target) -> bool,
    act: fn(Talk, &Target),
}

const ITEMS: [Item; 12] = [
    Item { icon: "reply", word: |w| w.reply, fits: |_| true, act: |talk, it| talk.reply(it.seq) },
    Item { icon: "thread", word: |w| w.thread, fits: |it| it.thread.is_some(), act: open_thread },
    Item { icon: "write", word: |w| w.edit, fits: |it| it.is_mine && may_edit(&it.entry), act: edit },
    Item {
        icon: "copy",
        word: |w| w.copy_text,
        fits: |_| true,
        act: |talk, it| copy(talk, text_of(&it.entry)),
    },
    Item { icon: "link", word: |w| w.copy_link, fits: |_| true, act: copy_link },
    Item { icon: "forward", word: |w| w.forward, fits: |_| true, act: forward },
    Item { icon: "note", word: |w| w.save, fits: |_| true, act: |talk, it| save(talk, vec![it.seq]) },
    Item { icon: "pin", word: |w| w.pin, fits: |it| !is_pinned(it), act: |talk, it| pin(talk, it, true) },
    Item { icon: "pin", word: |w| w.unpin, fits: is_pinned, act: |talk, it| pin(talk, it, false) },
    Item { icon: "clock", word: |w| w.history, fits: is_edited, act: history },
    Item { icon: "tick", word: |w| w.select, fits: |_| true, act: |talk, it| talk.choose(it.seq) },
    Item { icon: "undo", word: |w| w.recall, fits: |it| it.is_mine, act: |talk, it| talk.recall(it.seq) },
];

/// The menu.
#[component]
pub fn MessageMenu(open: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let at = Signal::derive(move || (talk.sheets.menu_at.read().x, talk.sheets.menu_at.read().y));
    view! {
        <Dialog open label=Signal::derive(move || words().message.actions) class="is-menu" at>
            <Content open/>
        </Dialog>
    }
}

#[component]
fn Content(open: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let is_picking = RwSignal::new(false);
    let Some(target) = target(talk) else { return ().into_any() };
    let (seq, target) = (target.seq, Arc::new(target));
    let on_pick = Callback::new(move |emoji: String| {
        open.set(false);
        if let Ok(emoji) = Emoji::try_from(emoji) {
            talk.react(seq, emoji, true);
        }
    });
    let on_close = Callback::new(move |()| open.set(false));
    let content = move || {
        if is_picking.get() {
            later_view(move || emoji_picker(on_pick, on_close))
        } else {
            view! { <Lines target=Arc::clone(&target) is_picking/> }.into_any()
        }
    };
    content.into_any()
}

/// The message that the menu was opened for.
fn target(talk: Talk) -> Option<Target> {
    // In a thread, a reply is in it anyway.
    let thread = use_context::<OpenThread>().filter(|_| talk.thread.is_none());
    let seq = talk.subject.get_untracked().first().copied()?;
    let entry = talk.entry(seq)?;
    let is_mine = talk.state.peek(|client| is_me(client, entry.author));
    Some(Target { seq, entry, is_mine, thread })
}

#[component]
fn Lines(target: Arc<Target>, is_picking: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let quick = QUICK.iter().filter_map(|emoji| quick(talk, &target, emoji)).collect_view();
    let is_short = talk.sheets.menu_at.get_untracked().is_short;
    let shown = if is_short { &[] } else { ITEMS.as_slice() };
    let items = shown.iter().filter(|item| (item.fits)(&target)).map(|item| {
        let target = Arc::clone(&target);
        let act = move |click: MouseEvent| {
            close(&click);
            (item.act)(talk, &target);
        };
        view! {
            <button type="button" role="menuitem" class="item" on:click=act>
                <Icon name=item.icon/>
                {move || (item.word)(&words().message)}
            </button>
        }
    });
    view! {
        <div role="menu" aria-label=move || words().message.actions on:keydown=|key| steer(&key)>
            <div class="quick" role="none">
                {quick}
                <button
                    type="button"
                    role="menuitem"
                    aria-label=move || words().emoji.title
                    on:click=move |_| is_picking.set(true)
                >
                    <Icon name="plus"/>
                </button>
            </div>
            {items.collect_view()}
        </div>
    }
}

/// One of the emoji at hand.
fn quick(talk: Talk, target: &Target, emoji: &str) -> Option<impl IntoView + use<>> {
    let emoji = Emoji::try_from(emoji).ok()?;
    let me = talk.state.peek(|client| client.me().map(|me| me.id))?;
    let more = target.entry.more.as_ref();
    let reactions = more.map(|more| more.reactions.as_slice()).unwrap_or_default();
    let is_on = reactions.iter().any(|known| known.emoji == emoji && known.users.contains(&me));
    let (seq, shown) = (target.seq, emoji.to_string());
    let act = move |click: MouseEvent| {
        close(&click);
        talk.react(seq, emoji.clone(), !is_on);
    };
    Some(view! {
        <button type="button" role="menuitemcheckbox" aria-checked=is_on.to_string() on:click=act>{shown}</button>
    })
}

/// Closes the menu at once, so that the focus is back where it was before something else takes it.
pub fn close(click: &MouseEvent) {
    let button = click.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let dialog = button.and_then(|button| button.closest("dialog").ok().flatten());
    if let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<web_sys::HtmlDialogElement>().ok()) {
        dialog.close();
    }
}

/// Arrows lead through the menu, round its ends.
pub fn steer(key: &KeyboardEvent) {
    let forward = match key.key().as_str() {
        "ArrowDown" | "ArrowRight" => true,
        "ArrowUp" | "ArrowLeft" => false,
        _ => return,
    };
    key.prevent_default();
    let Ok(buttons) = document().query_selector_all("dialog[open] [role^=menuitem]") else { return };
    let all: Vec<HtmlElement> =
        (0..buttons.length()).filter_map(|at| buttons.item(at)?.dyn_into().ok()).collect();
    let focused = document().active_element();
    let at = all.iter().position(|button| Some(button.as_ref()) == focused.as_ref());
    let next = match at {
        Some(at) if forward => (at + 1) % all.len(),
        Some(at) => (at + all.len() - 1) % all.len(),
        None => 0,
    };
    if let Some(button) = all.get(next) {
        // A button in an open dialog takes the focus.
        let _ = button.focus();
    }
}

fn open_thread(_: Talk, target: &Target) {
    if let Some(OpenThread(open)) = target.thread {
        open.run(target.entry.what.thread().unwrap_or(target.seq));
    }
}

fn edit(talk: Talk, target: &Target) {
    talk.edit(target.seq, &text_of(&target.entry));
}

fn copy_link(talk: Talk, target: &Target) {
    copy(talk, format!("{}{}", browser::origin(), Place::message_path(talk.id, target.seq)));
}

fn forward(talk: Talk, target: &Target) {
    talk.open_sheet(talk.sheets.forward, vec![target.seq]);
}

fn history(talk: Talk, target: &Target) {
    talk.open_sheet(talk.sheets.versions, vec![target.seq]);
}

fn pin(talk: Talk, target: &Target, on: bool) {
    talk.amend(Deed::Pin { conversation: talk.id, target: target.seq, on });
}

fn is_pinned(target: &Target) -> bool {
    target.entry.more.as_ref().is_some_and(|more| more.pinned)
}

fn is_edited(target: &Target) -> bool {
    target.entry.more.as_ref().is_some_and(|more| more.edited.is_some())
}

fn text_of(entry: &Entry) -> String {
    entry.message().map(|post| post.body.to_string()).unwrap_or_default()
}

/// Puts a text on the clipboard, and says so.
pub fn copy(talk: Talk, text: String) {
    spawn_local(async move {
        let is_there = browser::copy(&text).await;
        talk.tell(if is_there { Toast::Copied } else { Toast::NotCopied });
    });
}

/// Forwards messages to this person's notes, which are opened first if there are none.
fn save(talk: Talk, messages: Vec<Seq>) {
    with_notes(talk, move |notes| {
        pass_on(talk, notes, &messages);
        talk.tell(Toast::Saved);
    });
}

/// Calls back with the conversation for notes.
pub fn with_notes(talk: Talk, then: impl FnOnce(ConversationId) + 'static) {
    let Some(me) = talk.state.peek(|client| client.me().map(|me| me.id)) else { return };
    let known = talk.state.peek(|client| {
        let is_notes = |room: &&shared::client::Room| {
            room.summary().kind == Kind::Direct && room.summary().with == Some(me)
        };
        client.list().into_iter().find(is_notes).map(|room| room.summary().id)
    });
    match known {
        Some(notes) => then(notes),
        None => talk.actions.perform(Deed::OpenDirect { with: me }, move |made| match made {
            Ok(notes) => then(notes),
            Err(code) => talk.tell(Toast::Refused(code)),
        }),
    }
}

/// Says messages of this conversation once more in another one, in their order.
pub fn pass_on(talk: Talk, to: ConversationId, messages: &[Seq]) {
    for target in messages {
        talk.amend(Deed::Forward { conversation: to, from: talk.id, target: *target });
    }
}
