//! A message as a row of the timeline. The row stays as long as the message is there; its parts follow what becomes of it.

mod bubble;
mod meta;
mod quote;
mod reactions;
mod recalled;
mod thread;
mod tools;
mod trouble;

use leptos::prelude::*;
use shared::client::Part;
use shared::id::{Seq, UserId};
use shared::rows::{Delivery, Message};
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent};

use super::naming::name_of;
use super::talk::use_talk;
use crate::browser::is_touched;
use crate::locales::use_words;
use crate::state::State;
use crate::ui::{Avatar, Face};
use bubble::Bubble;
pub use quote::{one_line, one_line_of};
use reactions::Reactions;
use recalled::RecalledLine;
use thread::ThreadLink;
use tools::Tools;
pub use tools::place_of;
use trouble::Troubles;

/// A message as it is drawn now.
#[derive(Clone, PartialEq)]
pub struct Drawn {
    /// Whether it opens a group: it shows its author.
    pub first: bool,
    pub message: Message,
}

impl Drawn {
    fn is_recalled(&self) -> bool {
        self.message.entry.is_recalled()
    }

    /// What it says.
    fn text(&self) -> String {
        self.message.entry.message().map(|post| post.body.to_string()).unwrap_or_default()
    }
}

/// One message. `key` is its name in the DOM.
#[component]
pub fn MessageRow(drawn: Memo<Drawn>, key: String) -> impl IntoView {
    let (talk, words) = (use_talk(), use_words());
    let (author, is_mine) = drawn
        .with_untracked(|drawn| (drawn.message.entry.author, drawn.message.delivery != Delivery::Theirs));
    let hue = Face::person(author, "").hue();
    let first = Memo::new(move |_| drawn.read().first);
    let is_recalled = Memo::new(move |_| drawn.read().is_recalled());
    let seq = Memo::new(move |_| drawn.read().message.seq);
    let is_calling = move || talk.state.peek(|client| drawn.read().calls(client.me().map(|me| me.id)));
    // Pointed at, or with the focus in it.
    let (is_near, is_current) = (RwSignal::new(false), RwSignal::new(false));
    let on_leave = move |leave: FocusEvent| {
        let to = leave.related_target().and_then(|to| to.dyn_into::<Element>().ok());
        let row = leave.target().and_then(|from| from.dyn_into::<Element>().ok()?.closest(".msg").ok()?);
        if !to.zip(row).is_some_and(|(to, row)| row.contains(Some(&to))) {
            is_near.set(false);
        }
    };
    // While its menu is open they stay: the focus comes back to them.
    let has_tools = Memo::new(move |_| {
        let is_wanted = is_near.get() || seq.get().is_some_and(|seq| talk.has_menu(seq));
        is_wanted && seq.get().is_some() && !is_recalled.get() && !talk.is_choosing()
    });
    view! {
        <li
            class="msg item"
            class:is-first=first
            class:is-mine=is_mine
            class:is-calling=is_calling
            class:is-recalled=is_recalled
            style=("--h", hue.to_string())
            tabindex=move || if is_current.get() { "0" } else { "-1" }
            data-key=key
            data-seq=move || seq.get().map(|seq| seq.to_string())
            on:mouseenter=move |_| is_near.set(true)
            on:mouseleave=move |_| is_near.set(false)
            on:focusin=move |_| {
                is_near.set(true);
                talk.becomes_current(is_current);
            }
            on:focusout=on_leave
        >
            {move || (talk.is_choosing() && !is_recalled.get()).then(|| seq.get().map(|seq| view! { <Tick seq/> }))}
            {move || (first.get() && !is_mine).then(|| view! { <AuthorFace author/> })}
            <div class="body">
                {move || first.get().then(|| view! { <Author author is_mine/> })}
                {move || if is_recalled.get() {
                    view! { <RecalledLine drawn/> }.into_any()
                } else {
                    view! { <Bubble drawn is_near/><Reactions drawn is_near/> }.into_any()
                }}
                <ThreadLink drawn/>
                <Troubles drawn/>
                {move || has_tools.get().then(|| seq.get().map(|seq| view! { <Tools seq/> }))}
                // Who looks rests a finger on the message; who listens finds this.
                {is_touched().then(|| view! {
                    <button
                        type="button"
                        class="sr"
                        tabindex="-1"
                        aria-label=move || words().message.more
                        on:click=move |_| if let Some(seq) = seq.get_untracked().filter(|_| !is_recalled.get_untracked()) {
                            talk.open_menu(seq, place_of(talk, seq, false));
                        }
                    ></button>
                })}
            </div>
        </li>
    }
}

impl Drawn {
    /// Whether somebody else calls this person.
    fn calls(&self, me: Option<UserId>) -> bool {
        me.is_some_and(|me| self.message.entry.calls(me))
    }
}

/// Tab leads into the message at hand, and past all others.
pub fn tab_stop(is_near: RwSignal<bool>) -> impl Fn() -> &'static str + Copy + Send + Sync + 'static {
    move || if is_near.get() { "0" } else { "-1" }
}

/// Chooses the message.
#[component]
fn Tick(seq: Seq) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    view! {
        <label class="tick">
            <input
                type="checkbox"
                aria-label=move || words().message.select
                prop:checked=move || talk.chosen.read().as_ref().is_some_and(|chosen| chosen.contains(&seq))
                on:change=move |_| talk.choose(seq)
            />
        </label>
    }
}

#[component]
fn AuthorFace(author: UserId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let name = Memo::new(move |_| state.read(Part::People, |client| name_of(client, author, words())));
    move || view! { <Avatar face=Face::person(author, &name.read()) size="is-m"/> }
}

#[component]
fn Author(author: UserId, is_mine: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    if is_mine {
        return view! { <h4 class="sr">{move || words().general.you}</h4> }.into_any();
    }
    let name = move || state.read(Part::People, |client| name_of(client, author, words()));
    view! { <h4 class="author">{name}</h4> }.into_any()
}
