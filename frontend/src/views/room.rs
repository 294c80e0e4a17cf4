//! One open conversation: its bar, its timeline, the connection line and the composer.

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::ConversationId;

use super::composer::Composer;
use super::finder::Search;
use super::left_over::is_left_over;
use super::link_line::LinkLine;
use super::naming::{company_of, face_of, title_of};
use super::pins::PinBar;
use super::sheets::Sheets;
use super::talk::Talk;
use super::timeline::TimelinePane;
use super::typing::TypingLine;
use super::{choosing_bar, left_over, pins_dialog};
use crate::actions::Actions;
use crate::erased::{effect, live, memo};
use crate::later::{later_dialog, later_view};
use crate::locales::{say, use_words};
use crate::place::{Place, use_place};
use crate::state::State;
use crate::ui::{Avatar, Icon};

/// What there is to show of a conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Open,
    /// It is not this person's.
    Gone,
    /// Nobody has said yet whose it is.
    Waiting,
}

/// The pane in the middle.
#[component]
pub fn RoomPane(id: ConversationId, details: Memo<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    let is_known = memo(move |_| state.read(Part::List, |client| client.room(id).is_some()));
    let is_live = memo(move |_| state.read(Part::Link, |client| client.link_state().is_live()));
    effect(move || {
        // A new connection may have made the room anew, so it is opened again with each.
        if is_live.get() && is_known.get() {
            actions.open(id);
            actions.watch(id);
        }
    });
    let is_left_over = memo(move |_| state.read(Part::List, |client| is_left_over(client, id)));
    // One value, so that a connection that comes and goes does not draw the open room anew.
    let shown = memo(move |_| match (is_known.get(), is_live.get() || is_left_over.get()) {
        (true, _) => Shown::Open,
        (false, true) => Shown::Gone,
        (false, false) => Shown::Waiting,
    });
    view! {
        <section class="room">
            {live(move || match shown.get() {
                Shown::Open => {
                    actions.open(id);
                    view! { <OpenRoom id details/> }.into_any()
                }
                Shown::Gone => view! { <Gone id/> }.into_any(),
                Shown::Waiting => view! { <Waiting/> }.into_any(),
            })}
        </section>
    }
}

#[component]
fn OpenRoom(id: ConversationId, details: Memo<bool>) -> impl IntoView {
    let composer = NodeRef::<html::Textarea>::new();
    let talk = Talk::new(id, None, composer);
    provide_context(talk);
    let is_choosing = memo(move |_| talk.is_choosing());
    view! {
        <RoomBar id details/>
        <PinBar/>
        <TimelinePane id/>
        <TypingLine id/>
        <footer class="foot" class:is-choosing=is_choosing>
            <LinkLine/>
            {live(move || is_choosing.get().then(|| later_view(choosing_bar)))}
            // Out of sight while one chooses: what is written there stays.
            <Composer id node=composer/>
        </footer>
        <Sheets/>
        {later_dialog(talk.sheets.pins, pins_dialog)}
    }
}

#[component]
fn RoomBar(id: ConversationId, details: Memo<bool>) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let shown = memo(move |_| {
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| {
            let room = client.room(id)?;
            let words = words();
            Some((
                face_of(client, room, words),
                title_of(client, room, words),
                company_of(client, room, words),
            ))
        })
    });
    let title = move || {
        shown.get().map(|(face, title, company)| {
            view! {
                <Avatar face size="is-m"/>
                <div class="title"><h2 class="clip">{title}</h2><p class="clip">{company}</p></div>
            }
        })
    };
    let (place, search) = (use_place(), expect_context::<Search>());
    let toggled = move || Place { details: !details.get(), thread: None, ..place.get() }.link();
    view! {
        <header class="bar room-bar">
            <BackLink/>
            {live(title)}
            <button
                type="button"
                class="icon-btn"
                aria-label=say(words, |words| words.search.in_room)
                title=say(words, |words| words.search.in_room)
                on:click=move |_| search.look_in(state, id)
            >
                <Icon name="search"/>
            </button>
            <a
                class="icon-btn"
                class:is-on=details
                href=toggled
                data-replace=details
                aria-label=say(words, |words| words.room.details)
                title=say(words, |words| words.room.details)
            >
                <Icon name="panel"/>
            </a>
        </header>
    }
}

#[component]
fn BackLink() -> impl IntoView {
    let words = use_words();
    view! {
        <a class="icon-btn narrow-only" href="/" data-replace=true aria-label=say(words, |words| words.general.back)>
            <Icon name="back"/>
        </a>
    }
}

#[component]
fn Gone(id: ConversationId) -> impl IntoView {
    let words = use_words();
    view! {
        <header class="bar room-bar narrow-only"><BackLink/></header>
        <div class="gone">
            <div class="empty is-late">
                <img src="/magpie.svg" alt=""/>
                <h2>{say(words, |words| words.room.gone)}</h2>
                <p>{say(words, |words| words.room.gone_help)}</p>
                <div class="acts">
                    <a class="btn is-primary" href="/">{say(words, |words| words.room.gone_back)}</a>
                </div>
            </div>
            {later_view(move || left_over(id))}
        </div>
    }
}

#[component]
fn Waiting() -> impl IntoView {
    view! {
        <header class="bar room-bar"><BackLink/></header>
        <div class="filler"></div>
        <footer class="foot"><LinkLine/></footer>
    }
}
