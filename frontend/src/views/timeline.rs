//! The timeline of one conversation: days of messages, where one is in it, and what is new.

mod announcer;
mod date;
mod day;
mod focus;
mod going;
mod keys;
mod observers;
mod reading;
mod scroll;

use std::cell::Cell;

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::{ConversationId, Timestamp};
use shared::model::{Kind, What};
use shared::rows::{self, Content, Day, View};

use super::naming::{kind_of, title_of};
use super::talk::use_talk;
use crate::browser;
use crate::locales::{use_language, use_words};
use crate::state::State;
use crate::ui::Icon;
use announcer::Announcer;
use date::{Choosing, DateChooser};
use day::DayBlock;
pub use day::{Rows, draw, use_date};
pub use keys::{Finger, pressed};
use reading::Reading;

/// In every time zone a day begins with a quarter of an hour.
const QUARTER_MS: u64 = 15 * 60 * 1000;

/// The rows of all days.
type Days = Memo<Vec<Day>>;

/// The timeline, and the button that leads to its end.
#[component]
pub fn TimelinePane(id: ConversationId) -> impl IntoView {
    let words = use_words();
    let talk = use_talk();
    let finger = Finger::new(talk);
    let reading = Reading::new(id);
    let days = use_days(&reading);
    let choosing = Choosing::new();
    let view = NodeRef::<html::Div>::new();
    let content = NodeRef::<html::Div>::new();
    reading.follow(view, content);
    let kind = expect_context::<State>().peek(|client| kind_of(client, id));
    let numbers = move || days.read().iter().map(|day| (day.number, day.at)).collect::<Vec<_>>();
    view! {
        <div class="stage">
            <div
                class="scroller"
                class:is-landing=move || !reading.landed.get()
                node_ref=view
                tabindex="0"
                role="region"
                aria-label=move || words().room.timeline
                on:scroll=move |_| reading.scrolled()
                on:keydown=move |key| pressed(talk, &key)
                on:pointerdown=move |touch| finger.down(&touch)
                on:pointermove=move |touch| finger.moves(&touch)
                on:pointerup=move |_| finger.up()
                on:pointercancel=move |_| finger.up()
                on:touchend=move |touch| finger.leaves(&touch)
            >
                <div class="timeline" class:is-direct=kind == Kind::Direct node_ref=content>
                    <Top reading/>
                    <For each=numbers key=|(number, _)| *number let((number, at))>
                        <DayBlock id number at days choosing/>
                    </For>
                    <Show when=move || reading.in_window.get()><More/></Show>
                    <Nothing id days/>
                </div>
            </div>
            <Show when=move || !reading.landed.get()><Skeleton/></Show>
            <Back reading/>
            <Newest id reading/>
        </div>
        <DateChooser id choosing/>
        <Announcer id landed=reading.landed/>
    }
}

fn use_days(reading: &Reading) -> Days {
    let Reading { id, viewer, state, fresh_after, .. } = *reading;
    Memo::new(move |_| {
        state.read(Part::Conversation(id), |client| match (client.me(), client.room(id)) {
            (Some(me), Some(room)) => {
                let source = |id, seq| client.room(id)?.timeline().get(seq).cloned();
                let (shown, is_live) = (room.shown(viewer), room.window(viewer).is_none());
                let fresh_after = fresh_after.get();
                // Further down it stands before nothing that is here.
                let fresh_after = fresh_after.filter(|after| is_live || after.next() >= shown.floor());
                // What is on its way comes after the newest.
                let pending = client.outbox().of(id);
                let pending = pending.filter(|pending| is_live || pending.deed.target().is_some());
                let known = Cell::new((u64::MAX, 0));
                // Asking the browser takes longer than all else that is done for a row.
                let day_of = |at: Timestamp| {
                    let quarter = at.0 / QUARTER_MS;
                    if known.get().0 != quarter {
                        known.set((quarter, browser::day_of(at)));
                    }
                    known.get().1
                };
                let view = View { me: me.id, fresh_after, day_of: &day_of, source: &source };
                let days = rows::days(shown, pending, &view);
                if room.summary().kind == Kind::Direct { without_its_making(days) } else { days }
            }
            _ => Vec::new(),
        })
    })
}

/// Nobody makes a direct conversation: one writes to somebody.
fn without_its_making(mut days: Vec<Day>) -> Vec<Day> {
    let is_making = |content: &Content| match content {
        Content::Event(entry) => matches!(entry.what, What::Created { .. }),
        Content::Message(_) | Content::Fresh(_) => false,
    };
    for day in &mut days {
        day.rows.retain(|row| !is_making(&row.content));
    }
    days.retain(|day| !day.rows.is_empty());
    days
}

/// What stands above the oldest message: when the conversation was made, or that more is coming.
#[component]
fn Top(reading: Reading) -> impl IntoView {
    let Reading { id, viewer, state, .. } = reading;
    let (words, language) = (use_words(), use_language());
    let beginning = Memo::new(move |_| {
        state.read(Part::Conversation(id), |client| {
            let room = client.room(id).filter(|room| room.shown(viewer).reaches_the_beginning())?;
            Some((room.summary().kind, room.summary().made_at))
        })
    });
    move || match beginning.get() {
        Some((kind, at)) => {
            let words = (words().room.beginning)(kind, &browser::date_of(at, language()));
            view! { <p class="event is-beginning">{words}</p> }.into_any()
        }
        None => view! { <More/> }.into_any(),
    }
}

/// More is coming, above or below.
#[component]
fn More() -> impl IntoView {
    view! { <p class="event is-older" aria-hidden="true"><span class="dots"><i></i><i></i><i></i></span></p> }
}

/// After a jump, leads back to where one was.
#[component]
fn Back(reading: Reading) -> impl IntoView {
    let words = use_words();
    let label = move || words().message.jump_back;
    view! {
        <Show when=move || reading.landed.get() && reading.has_origin()>
            <button type="button" class="newest is-back" aria-label=label title=label on:click=|_| going::back()>
                <Icon name="reply"/>
            </button>
        </Show>
    }
}

/// What to do where nobody has said anything.
#[component]
fn Nothing(id: ConversationId, days: Days) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let is_message = |content: &Content| matches!(content, Content::Message(_));
    let is_silent = Memo::new(move |_| {
        !days.read().iter().flat_map(|day| &day.rows).any(|row| is_message(&row.content))
            && state.read(Part::Conversation(id), |client| {
                client.room(id).is_some_and(|room| {
                    let mut entries = room.timeline().entries();
                    let said = entries.any(|entry| matches!(entry.what, What::Posted(_)));
                    room.timeline().reaches_the_beginning() && !said
                })
            })
    });
    let help = move || {
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| {
            let room = client.room(id)?;
            let (kind, title) = (room.summary().kind, title_of(client, room, words()));
            // Nobody says hello to their own notes.
            let is_notes = kind == Kind::Direct && room.summary().members == 1;
            (!is_notes).then(|| (words().room.empty_help)(kind, &title))
        })
    };
    view! {
        <Show when=move || is_silent.get()>
            <div class="empty">
                <img src="/magpie.svg" alt=""/>
                <h3>{move || words().room.empty}</h3>
                <p>{help}</p>
            </div>
        </Show>
    }
}

/// Leads to the newest message, with the number of those not yet seen.
#[component]
fn Newest(id: ConversationId, reading: Reading) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let unread = Memo::new(move |_| {
        state.read(Part::List, |client| client.room(id).map_or(0, shared::client::Room::unread))
    });
    view! {
        <Show when=move || reading.landed.get() && !reading.at_bottom.get()>
            <button
                type="button"
                class="newest"
                aria-label=move || (words().room.newest)(unread.get())
                on:click=move |_| reading.to_newest()
            >
                <Show when=move || { unread.get() > 0 }>
                    <span class="badge" aria-hidden="true">{move || unread.get().min(999)}</span>
                </Show>
                <Icon name="down"/>
            </button>
        </Show>
    }
}

/// Grey shapes of messages, when the first page takes longer than a glance.
#[component]
fn Skeleton() -> impl IntoView {
    let words = use_words();
    view! {
        <div class="skeleton" role="status">
            <span class="sr">{move || words().room.loading}</span>
            <i></i><i></i><i class="is-mine"></i><i></i><i class="is-mine"></i>
        </div>
    }
}
