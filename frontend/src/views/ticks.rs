//! How far a message of one's own has come: ticks, and in a group the sheet that says with whom.

use leptos::prelude::*;
use shared::client::Part;
use shared::id::{ConversationId, Seq, UserId};
use shared::model::Kind;
use shared::receipt::Reach;

use super::message::tab_stop;
use super::naming::name_of;
use crate::locales::use_words;
use crate::state::State;
use crate::ui::{Avatar, Dialog, DialogHeader, Face, Icon};

/// What the ticks of one message show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    reach: Reach,
    /// How many have read it.
    readers: usize,
    /// Whether there is more to say than the ticks do.
    is_group: bool,
}

/// One tick: in the log; two: everybody has it; two in colour: everybody has read it. They turn in place: the row that
/// they stand in is not drawn anew, and whoever is in it with the keyboard stays there.
#[component]
pub fn Ticks(id: ConversationId, seq: Option<Seq>, is_near: RwSignal<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let shown = Memo::new(move |_| {
        state.read(Part::Own, |_| ());
        state.read(Part::Conversation(id), |client| {
            let room = client.room(id)?;
            let seq = seq?;
            Some(Shown {
                reach: client.reach(id, seq),
                readers: client.marks(id).filter(|mark| mark.read >= seq).count(),
                is_group: client.receipts()
                    && room.summary().kind == Kind::Group
                    && room.summary().has_receipts(),
            })
        })
    });
    let reach = Memo::new(move |_| shown.get().map_or(Reach::Sent, |shown| shown.reach));
    let said = move || {
        let room = &words().room;
        match shown.get() {
            Some(Shown { reach: Reach::Read, is_group: true, .. }) => room.read_by_all.to_owned(),
            Some(Shown { reach: Reach::Read, .. }) => room.read.to_owned(),
            Some(Shown { readers: readers @ 1.., .. }) => (room.read_by)(readers),
            Some(Shown { reach: Reach::Got, .. }) => room.delivered.to_owned(),
            Some(Shown { reach: Reach::Sent, .. }) | None => room.sent.to_owned(),
        }
    };
    let ticks = move || {
        let name = if reach.get() == Reach::Sent { "tick" } else { "ticks" };
        view! { <Icon name/><span class="sr">{said}</span> }
    };
    let is_read = move || reach.get() == Reach::Read;
    let is_group = Memo::new(move |_| shown.get().is_some_and(|shown| shown.is_group));
    move || match seq.filter(|_| is_group.get()) {
        None => view! { <span class="ticks" class:is-read=is_read>{ticks}</span> }.into_any(),
        Some(seq) => view! {
            <button
                type="button"
                class="ticks"
                class:is-read=is_read
                tabindex=tab_stop(is_near)
                title=move || words().room.who_read
                on:click=move |_| state.ask_who_read(id, seq)
            >
                {ticks}
            </button>
        }
        .into_any(),
    }
}

/// Who has read a message, who has got it, and who has not.
#[component]
pub fn WhoRead(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    view! {
        <Dialog open label=Signal::derive(move || words().room.who_read) class="is-sheet">
            <DialogHeader
                open
                title=Signal::derive(move || words().room.who_read)
                close=Signal::derive(move || words().general.close)
                autofocus=true
            />
            <div class="who-read">
                <Those reach=Reach::Read/>
                <Those reach=Reach::Got/>
                <Those reach=Reach::Sent/>
                <Silent/>
            </div>
        </Dialog>
    }
}

/// Those who have come just so far.
#[component]
fn Those(reach: Reach) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let people = Memo::new(move |_| {
        let Some((id, seq)) = state.who_read.get() else { return Vec::new() };
        state.read(Part::Conversation(id), |client| {
            let these = client.marks(id).filter(|mark| mark.reach(seq) == reach);
            these.map(|mark| mark.user).collect::<Vec<UserId>>()
        })
    });
    let title = move || match reach {
        Reach::Read => words().room.read,
        Reach::Got => words().room.delivered,
        Reach::Sent => words().room.not_delivered,
    };
    view! {
        <Show when=move || !people.read().is_empty()>
            <h3>{title}" "<small class="num">{move || people.read().len()}</small></h3>
            <ul class="people">
                <For each=move || people.get() key=|user| *user let:user>
                    <Reader user/>
                </For>
            </ul>
        </Show>
    }
}

#[component]
fn Reader(user: UserId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let name = Memo::new(move |_| state.read(Part::People, |client| name_of(client, user, words())));
    view! {
        <li>
            {move || view! { <Avatar face=Face::person(user, &name.read()) size="is-m"/> }}
            <div><span class="nm clip">{name}</span></div>
        </li>
    }
}

/// How many do not tell.
#[component]
fn Silent() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let silent = Memo::new(move |_| {
        let Some((id, _)) = state.who_read.get() else { return 0 };
        state.read(Part::Conversation(id), |client| {
            client.room(id).map_or(0, |room| {
                let others = room.summary().members.saturating_sub(1) as usize;
                others.saturating_sub(client.marks(id).count())
            })
        })
    });
    view! {
        <Show when=move || { silent.get() > 0 }>
            <p class="note">{move || (words().room.do_not_tell)(silent.get())}</p>
        </Show>
    }
}
