//! The emoji picker: search, groups, what was used last, skin tones; by touch, mouse and keyboard.

mod grid;
mod tones;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use shared::emoji::{Emoji, search};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, Node, PointerEvent};

use self::grid::{Grid, step};
use self::tones::Tones;
use crate::answer::use_answer;
use crate::browser;
use crate::emoji::{self, All};
use crate::erased::{effect, live};
use crate::locales::{say, use_words};
use crate::ui::{Icon, is_composed};

/// Most that a search shows: eight rows.
const FOUND: usize = 64;
/// What stands for each group, the one of the emoji used last before them.
const SIGNS: [&str; 10] = ["🕘", "😀", "🧑", "🐼", "🍜", "⚽", "🚲", "💡", "❤️", "🏁"];

/// A panel to pick from. It stands where its parent puts it, and closes by Esc or a press elsewhere.
#[component]
pub fn EmojiPicker(
    #[prop(into)] on_pick: Callback<String>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let words = use_words();
    let panel = NodeRef::<html::Div>::new();
    let picking = Picking::new(on_pick);
    close_by_a_press_elsewhere(panel, on_close);
    let on_keydown = move |key: KeyboardEvent| {
        if key.key() == "Escape" {
            key.prevent_default();
            key.stop_propagation();
            // The input method's own: it gives the letters up, and the panel stays.
            if !is_composed(&key) {
                on_close.run(());
            }
        }
    };
    view! {
        <div
            class="panel emoji"
            role="dialog"
            tabindex="-1"
            aria-label=Signal::derive(move || words().emoji.title)
            node_ref=panel
            on:keydown=on_keydown
        >
            <div class="find">
                <SearchField picking panel/>
                <Tones tone=picking.tone/>
            </div>
            {live(move || match &*picking.all.read() {
                None => view! { <p class="note" role="status"></p> }.into_any(),
                Some(Err(code)) => {
                    let code = *code;
                    view! { <p class="note is-bad" role="alert">{move || (words().code)(code)}</p> }.into_any()
                }
                Some(Ok(_)) => view! { <Grid picking/> }.into_any(),
            })}
            <Tabs picking/>
        </div>
    }
}

/// What the parts of the picker share.
#[derive(Clone, Copy)]
struct Picking {
    all: RwSignal<Option<Result<All, shared::code::Code>>, LocalStorage>,
    query: RwSignal<String>,
    /// Which of [`SIGNS`].
    group: RwSignal<usize>,
    tone: RwSignal<usize>,
    on_pick: Callback<String>,
}

impl Picking {
    fn new(on_pick: Callback<String>) -> Self {
        let group = usize::from(emoji::recent().is_empty());
        Self {
            all: use_answer(emoji::load),
            query: RwSignal::new(String::new()),
            group: RwSignal::new(group),
            tone: RwSignal::new(emoji::tone()),
            on_pick,
        }
    }

    /// Those that are shown: found, used last, or of a group.
    fn shown(self) -> Vec<Emoji<'static>> {
        let Some(Ok(all)) = *self.all.read() else { return Vec::new() };
        let query = self.query.read();
        match (query.trim(), self.group.get()) {
            ("", 0) => {
                let known = |template: String| {
                    all.iter()
                        .flat_map(|group| &group.emoji)
                        .find(|emoji| emoji.template == template)
                        .copied()
                };
                emoji::recent().into_iter().filter_map(known).collect()
            }
            ("", group) => all.get(group - 1).map(|group| group.emoji.clone()).unwrap_or_default(),
            (query, _) => search(all, query, FOUND),
        }
    }

    /// Shows a group, in place of what was searched.
    fn show(self, group: usize) {
        self.query.set(String::new());
        self.group.set(group);
    }

    fn pick(self, emoji: Emoji<'static>) {
        emoji::used(emoji.template);
        self.on_pick.run(emoji.with_tone(shared::emoji::TONES[self.tone.get_untracked()]));
    }
}

/// The field one searches in. Down goes into the grid, Enter takes the first.
#[component]
fn SearchField(picking: Picking, panel: NodeRef<html::Div>) -> impl IntoView {
    let words = use_words();
    let field = NodeRef::<html::Input>::new();
    effect(move || {
        if let (Some(field), Some(panel)) = (field.get(), panel.get()) {
            // A finger opens no keyboard by opening the panel. What cannot have the focus is pressed all the same.
            let _ = if browser::is_touched() { panel.focus() } else { field.focus() };
        }
    });
    let on_keydown = move |key: KeyboardEvent| {
        if is_composed(&key) {
            return;
        }
        match key.key().as_str() {
            "ArrowDown" => {
                key.prevent_default();
                step(&key, panel, 0);
            }
            "Enter" => {
                key.prevent_default();
                if let Some(first) = untrack(|| picking.shown())
                    .first()
                    .filter(|_| !picking.query.read_untracked().trim().is_empty())
                {
                    picking.pick(*first);
                }
            }
            _ => {}
        }
    };
    view! {
        <label class="field-like">
            <Icon name="search" small=true/>
            <input
                node_ref=field
                type="text"
                enterkeyhint="done"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-label=say(words, |words| words.emoji.search)
                placeholder=say(words, |words| words.emoji.search)
                prop:value=picking.query
                on:input=move |input| picking.query.set(event_target_value(&input))
                on:keydown=on_keydown
            />
        </label>
    }
}

/// One tab for each group, below.
#[component]
fn Tabs(picking: Picking) -> impl IntoView {
    let words = use_words();
    let is_chosen =
        move |group: usize| picking.group.get() == group && picking.query.read().trim().is_empty();
    let turn = move |key: KeyboardEvent| {
        let by = match key.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => SIGNS.len() - 1,
            _ => return,
        };
        key.prevent_default();
        let to = (picking.group.get_untracked() + by) % SIGNS.len();
        picking.show(to);
        let bar = key.current_target().and_then(|bar| bar.dyn_into::<Element>().ok());
        if let Some(tab) = bar.and_then(|bar| bar.children().item(u32::try_from(to).unwrap_or(0))) {
            // A tab on the page takes the focus.
            let _ = tab.unchecked_into::<HtmlElement>().focus();
        }
    };
    let tab = move |(group, sign): (usize, &'static str)| {
        view! {
            <button
                type="button"
                role="tab"
                aria-selected=Signal::derive(move || is_chosen(group).to_string())
                aria-label=Signal::derive(move || words().emoji.groups[group])
                title=Signal::derive(move || words().emoji.groups[group])
                tabindex=Signal::derive(move || if picking.group.get() == group { "0" } else { "-1" })
                on:click=move |_| picking.show(group)
            >
                {sign}
            </button>
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label=say(words, |words| words.emoji.title) on:keydown=turn>
            {SIGNS.into_iter().enumerate().map(tab).collect_view()}
        </div>
    }
}

/// A press outside closes the panel; one on the button that opened it is that button's.
fn close_by_a_press_elsewhere(panel: NodeRef<html::Div>, on_close: Callback<()>) {
    let press = window_event_listener(ev::pointerdown, move |press: PointerEvent| {
        let Some(target) = press.target().and_then(|target| target.dyn_into::<Element>().ok()) else {
            return;
        };
        let is_inside =
            panel.get_untracked().is_some_and(|panel| panel.contains(Some(target.unchecked_ref::<Node>())));
        let is_its_button =
            target.closest("[aria-haspopup=dialog][aria-expanded=true]").is_ok_and(|it| it.is_some());
        if !is_inside && !is_its_button {
            on_close.run(());
        }
    });
    on_cleanup(move || press.remove());
}
