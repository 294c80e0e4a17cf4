//! The details of a conversation: what it is, since when, what is kept in it, and who is in it.

mod lists;

use leptos::prelude::*;
use shared::client::Part;
use shared::id::ConversationId;
use shared::model::Person;
use shared::own::{Level, Setting};
use shared::permission::ServerRole;

use super::kept;
use super::naming::{face_of, is_me, title_of};
use crate::actions::Actions;
use crate::answer::use_answer;
use crate::later::later_view;
use crate::locales::{use_language, use_words};
use crate::place::{Place, use_place};
use crate::state::State;
use crate::ui::{Avatar, Choice, Face, Icon};
use crate::{api, browser};
pub use lists::Kept;

/// The pane at the end edge.
#[component]
pub fn Details(id: ConversationId) -> impl IntoView {
    let words = use_words();
    let place = use_place();
    view! {
        <section class="details" aria-label=move || words().room.details>
            <header class="bar">
                <h2>{move || words().room.details}</h2>
                <a
                    class="icon-btn"
                    href=move || Place { details: false, ..place.get() }.link()
                    data-replace=true
                    aria-label=move || words().general.close
                >
                    <Icon name="x"/>
                </a>
            </header>
            <Who id/>
            <Notifications id/>
            {later_view(move || kept(id))}
            <Members id/>
        </section>
    }
}

#[component]
fn Who(id: ConversationId) -> impl IntoView {
    let state = expect_context::<State>();
    let (words, language) = (use_words(), use_language());
    let shown = Memo::new(move |_| {
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| {
            let room = client.room(id)?;
            let since = browser::date_of(room.summary().made_at, language());
            let kind = (words().details.since)(room.summary().kind, &since);
            Some((face_of(client, room, words()), title_of(client, room, words()), kind))
        })
    });
    move || {
        shown.get().map(|(face, title, kind)| {
            view! {
                <div class="who"><Avatar face size="is-l"/><h3>{title}</h3><p>{kind}</p></div>
            }
        })
    }
}

/// Which messages of this conversation are worth a notification.
#[component]
fn Notifications(id: ConversationId) -> impl IntoView {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    let words = use_words();
    let level = Memo::new(move |_| state.read(Part::Own, |client| client.level(id)));
    let options = vec![
        (Level::All, Signal::derive(move || words().details.level_all)),
        (Level::Mentions, Signal::derive(move || words().details.level_mentions)),
        (Level::None, Signal::derive(move || words().details.level_none)),
    ];
    view! {
        <h3 class="part">{move || words().details.level}</h3>
        <div class="level">
            <Choice
                name="level"
                label=Signal::derive(move || words().details.level)
                options
                chosen=level
                on_choose=move |level| actions.keep(Setting::level(id, level))
            />
        </div>
    }
}

#[component]
fn Members(id: ConversationId) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let count = Memo::new(move |_| {
        state.read(Part::List, |client| client.room(id).map_or(0, |room| room.summary().members))
    });
    let members = use_answer(move || {
        // Asked for again when somebody joins.
        count.track();
        api::members(id)
    });
    let list = move || {
        members.get().map(|members| match members {
            Err(refusal) => {
                let why = move || (words().details.failed)((words().code)(refusal.code));
                view! { <p class="note is-bad">{why}</p> }.into_any()
            }
            Ok(members) => {
                let people = members.people.iter().cloned();
                let people = people.map(|person| view! { <Member person/> }).collect_view();
                view! {
                    <ul class="people" aria-labelledby="members">{people}</ul>
                    <p class="note" hidden=!members.more>{move || words().details.more}</p>
                }
                .into_any()
            }
        })
    };
    view! {
        <h3 class="part" id="members">
            {move || words().details.members}" "<small class="num">{move || count.get()}</small>
        </h3>
        {list}
    }
}

#[component]
fn Member(person: Person) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let display = person.display.to_string();
    let name = format!("@{}", person.name);
    let is_me = state.peek(|client| is_me(client, person.id));
    let is_owner = person.role == ServerRole::Owner;
    view! {
        <li>
            <Avatar face=Face::person(person.id, &display) size="is-m"/>
            <div>
                <span class="nm clip">{display}</span>
                <small class="clip">
                    {name} {is_me.then(|| view! { " · " {move || words().general.you} })}
                </small>
            </div>
            {is_owner.then(|| view! { <span class="role">{move || words().details.owner}</span> })}
        </li>
    }
}
