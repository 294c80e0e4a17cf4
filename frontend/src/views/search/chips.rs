//! The conditions that are set, and those to choose from.

use leptos::prelude::*;
use shared::client::Part;
use shared::id::UserId;
use shared::query::Day;

use super::condition::{label, param, put};
use crate::locales::use_words;
use crate::place::use_place;
use crate::state::State;
use crate::ui::{Avatar, Face, Icon};
use crate::views::finder::{Condition, Search};
use crate::views::naming::title_of;
use crate::views::switcher::fit_of_person;

/// Most people to choose from at once.
const SHOWN: usize = 6;

/// The conditions that are set; a click removes one.
#[component]
pub(super) fn Chips(search: Search) -> impl IntoView {
    let words = use_words();
    let chip = move |condition: Condition| {
        let key = param(&condition).0;
        let name = Signal::derive(move || label(&condition, words()));
        let remove = move |_| {
            search.conditions.update(|conditions| conditions.retain(|one| param(one).0 != key));
            search.focus();
        };
        view! {
            <li>
                <button
                    type="button"
                    class="chip"
                    aria-label=move || (words().new.remove)(&name.read())
                    on:click=remove
                >
                    <span class="clip">{name}</span>
                    <Icon name="x" small=true/>
                </button>
            </li>
        }
    };
    let chips = move || search.conditions.get().into_iter().map(chip).collect_view();
    view! {
        <ul class="chips" aria-label=move || words().search.set hidden=move || search.conditions.read().is_empty()>
            {chips}
        </ul>
    }
}

/// The conditions to choose from.
#[component]
pub(super) fn Menu(search: Search) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let is_asking_whom = RwSignal::new(false);
    let add = move |condition: Condition| {
        search.conditions.update(|conditions| put(conditions, condition));
        search.menu.set(false);
        search.focus();
    };
    let open = use_place().get_untracked().conversation;
    let here = open.and_then(|id| {
        state.peek(|client| client.room(id).map(|room| Condition::In(id, title_of(client, room, words()))))
    });
    let here = here.map(|here| {
        view! {
            <button type="button" class="chip" on:click=move |_| add(here.clone())>
                {move || words().search.here}
            </button>
        }
    });
    let whom = move || is_asking_whom.get().then(|| view! { <Whom add/> });
    view! {
        <div class="conditions" role="group" aria-label=move || words().search.filters>
            <div class="chips">
                <button
                    type="button"
                    class="chip"
                    aria-expanded=move || is_asking_whom.get().to_string()
                    on:click=move |_| is_asking_whom.update(|is| *is = !*is)
                >
                    {move || words().search.from}
                </button>
                {here}
                <button type="button" class="chip" on:click=move |_| add(Condition::HasLink)>
                    {move || words().search.has_link}
                </button>
                <button type="button" class="chip" on:click=move |_| add(Condition::MentionsMe)>
                    {move || words().search.mentions_me}
                </button>
            </div>
            {whom}
            <DayField label=Signal::derive(move || words().search.after) on_day=move |day| add(Condition::After(day))/>
            <DayField label=Signal::derive(move || words().search.before) on_day=move |day| add(Condition::Before(day))/>
        </div>
    }
}

/// A day to choose: chosen when one leaves the field or presses Enter, as its parts are typed one by one.
#[component]
fn DayField(
    #[prop(into)] label: Signal<&'static str>,
    on_day: impl Fn(Day) + Copy + 'static,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let take = move || {
        if let Some(day) = Day::of(&typed.read_untracked()) {
            on_day(day);
        }
    };
    let words = use_words();
    view! {
        <form
            class="when"
            on:submit=move |submit| {
                submit.prevent_default();
                take();
            }
        >
            <label>
                <span>{label}</span>
                <input type="date" on:input=move |input| typed.set(event_target_value(&input))/>
            </label>
            <button type="submit" class="btn is-small" disabled=move || Day::of(&typed.read()).is_none()>
                {move || words().search.take}
            </button>
        </form>
    }
}

/// People to choose from.
#[component]
fn Whom(add: impl Fn(Condition) + Copy + Send + 'static) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let query = RwSignal::new(String::new());
    let people = move || {
        let query = query.read();
        state.read(Part::People, |client| {
            let everybody = client.people().chain(client.me().filter(|me| client.person(me.id).is_none()));
            let mut found: Vec<_> = everybody
                .filter_map(|person| Some((fit_of_person(client, person, &query, words())?, person)))
                .filter(|(fit, _)| query.trim().is_empty() || fit.is_close())
                .collect();
            found.sort_by_key(|(fit, _)| std::cmp::Reverse(*fit));
            let names = found.into_iter().take(SHOWN);
            names.map(|(_, person)| (person.id, person.display.to_string())).collect::<Vec<_>>()
        })
    };
    let row = move |(id, name): (UserId, String)| {
        let (face, shown) = (Face::person(id, &name), name.clone());
        view! {
            <li>
                <button
                    type="button"
                    class="pick-row"
                    on:click=move |_| add(Condition::From(id, name.clone()))
                >
                    <Avatar face size="is-s"/>
                    <span class="grow clip">{shown}</span>
                </button>
            </li>
        }
    };
    view! {
        <div class="whom">
            <input
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=move || words().new.find_people
                placeholder=move || words().new.find_people
                on:input=move |input| query.set(event_target_value(&input))
            />
            <ul>{move || people().into_iter().map(row).collect_view()}</ul>
        </div>
    }
}
