//! Finding people: one click writes to a person, ticking several makes a group.

use leptos::prelude::*;
use shared::code::Code;
use shared::frame::Deed;
use shared::id::UserId;
use shared::model::{List, Person};
use shared::text::Title;

use super::Start;
use super::find::{Ask, Found};
use super::make::MakeField;
use crate::answer::use_answer;
use crate::api;
use crate::erased::{Show, live};
use crate::locales::{say, use_words};
use crate::state::State;
use crate::ui::{Avatar, Face, Icon};

#[component]
pub(super) fn People(start: Start) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(Vec::<Person>::new());
    let found = use_answer(move || {
        let query = query.get();
        async move { api::people(query.trim()).await }
    });
    let list = move || {
        found.get().map(|found| {
            // Oneself is no one to write to, nor to choose.
            let me = state.peek(|client| client.me().map(|me| me.id));
            let more = found.as_ref().is_ok_and(|found| found.more);
            let row = |person: &Person| view! { <PersonRow person=person.clone() start chosen/> }.into_any();
            let rows = found
                .map(|found| found.people.iter().filter(|person| Some(person.id) != me).map(row).collect());
            let rows = rows.map_err(|refusal| refusal.code);
            view! { <Found rows more nothing=say(words, |words| words.new.nobody)/> }
        })
    };
    view! {
        <Ask label=say(words, |words| words.new.find_people) query autofocus=true/>
        <div class="found">
            <p class="note">{say(words, |words| words.new.group_help)}</p>
            {live(list)}
        </div>
        <Show when=move || !chosen.read().is_empty()><Group start chosen/></Show>
    }
}

#[component]
fn PersonRow(person: Person, start: Start, chosen: RwSignal<Vec<Person>>) -> impl IntoView {
    let words = use_words();
    let (id, display) = (person.id, person.display.to_string());
    let (write_to, choose) = (display.clone(), display.clone());
    let is_chosen = move || chosen.read().iter().any(|one| one.id == id);
    let name = format!("@{}", person.name);
    let face = Face::person(id, &display);
    let turn = move |_| {
        chosen.update(|chosen| match chosen.iter().position(|one| one.id == id) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(person.clone()),
        });
    };
    view! {
        <li class="pick">
            <button
                type="button"
                class="pick-row"
                aria-label=Signal::derive(move || (words().new.write_to)(&write_to))
                disabled=start.busy
                on:click=move |_| start.ask(Deed::OpenDirect { with: id })
            >
                <Avatar face size="is-m"/>
                <span class="grow"><span class="nm clip">{display}</span><small class="clip">{name}</small></span>
            </button>
            <label class="tick">
                <input
                    type="checkbox"
                    aria-label=Signal::derive(move || (words().new.choose)(&choose))
                    prop:checked=is_chosen
                    on:change=turn
                />
            </label>
        </li>
    }
}

/// The foot: who is chosen, what the group is called, and the button.
#[component]
fn Group(start: Start, chosen: RwSignal<Vec<Person>>) -> impl IntoView {
    let words = use_words();
    let button = Signal::derive(move || (words().new.make_group)(chosen.read().len() + 1));
    let deed = move |title: &str| group(title, &chosen.read_untracked());
    view! {
        <div class="group">
            <ul class="chips" aria-label=say(words, |words| words.new.chosen)>
                <For each=move || chosen.get() key=|person| person.id let:person>
                    <Chip person chosen/>
                </For>
            </ul>
            <MakeField start label=say(words, |words| words.new.group_name) button deed/>
        </div>
    }
}

#[component]
fn Chip(person: Person, chosen: RwSignal<Vec<Person>>) -> impl IntoView {
    let words = use_words();
    let (id, name) = (person.id, person.display.to_string());
    let remove = name.clone();
    let face = Face::person(id, &name);
    view! {
        <li>
            <button
                type="button"
                class="chip"
                aria-label=Signal::derive(move || (words().new.remove)(&remove))
                on:click=move |_| chosen.update(|chosen| chosen.retain(|one| one.id != id))
            >
                <Avatar face size="is-xs"/>
                <span class="clip">{name}</span>
                <Icon name="x" small=true/>
            </button>
        </li>
    }
}

fn group(title: &str, chosen: &[Person]) -> Result<Deed, Code> {
    let title = Title::try_from(title)?;
    let people: Vec<UserId> = chosen.iter().map(|person| person.id).collect();
    let people = List::try_from(people).map_err(|_| Code::TooLarge)?;
    Ok(Deed::MakeGroup { title, people })
}
