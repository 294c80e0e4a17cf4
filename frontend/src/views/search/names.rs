//! People and conversations that are called so: first those whom this device knows.

use leptos::prelude::*;
use shared::client::Part;
use shared::frame::Deed;
use shared::http::Channel;
use shared::id::ConversationId;
use shared::model::Kind;
use shared::query::Query;

use super::asking::Asking;
use crate::actions::Actions;
use crate::locales::use_words;
use crate::place::Place;
use crate::state::State;
use crate::ui::{Avatar, Face};
use crate::views::finder::Search;
use crate::views::switcher::{Row, Target, rows};

/// Most rows of a group.
const SHOWN: usize = 8;

/// Both groups.
#[component]
pub(super) fn Names(search: Search, asking: Asking) -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    // Also while an input method composes: its letters are pinyin, and names are found by that.
    let query = Memo::new(move |_| {
        let query = Query::of(&search.text.read());
        let is_named = query.filters.is_empty() && search.conditions.read().is_empty();
        if is_named { query.words.trim().to_owned() } else { String::new() }
    });
    let found = Memo::new(move |_| {
        let (query, found) = (query.read(), asking.found.read());
        state.read(Part::People, |_| ());
        state.read(Part::List, |client| {
            let rows = if query.is_empty() {
                Vec::new()
            } else {
                rows(client, &query, None, &found.people, words())
            };
            let close = rows.into_iter().filter(|row| row.is_close);
            let (people, rooms): (Vec<Row>, Vec<Row>) = close.partition(|row| row.is_person);
            let mut channels = found.channels.clone();
            channels.retain(|channel| !query.is_empty() && client.room(channel.id).is_none());
            (people, rooms, channels)
        })
    });
    let people = move || {
        let rows: Vec<AnyView> =
            found.get().0.into_iter().take(SHOWN).map(|row| named(search, row)).collect();
        group(words().search.people, rows)
    };
    let rooms = move || {
        let (_, rooms, channels) = found.get();
        let rooms = rooms.into_iter().take(SHOWN).map(|row| named(search, row));
        let channels = channels.into_iter().map(|channel| view! { <ChannelRow search channel/> }.into_any());
        group(words().search.conversations, rooms.chain(channels).collect())
    };
    view! { {people} {rooms} }
}

fn group(title: &'static str, rows: Vec<AnyView>) -> Option<impl IntoView> {
    let rows = (!rows.is_empty()).then_some(rows)?;
    let rows = rows.into_iter().map(|row| view! { <li>{row}</li> }).collect_view();
    Some(view! { <h2>{title}</h2> <ul>{rows}</ul> })
}

fn named(search: Search, row: Row) -> AnyView {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    let Row { target, face, title, note, .. } = row;
    let inside = inside(face, title, note);
    match target {
        Target::Room(id) => {
            view! { <a class="hit is-name" href=Place::path(id) on:click=move |_| search.leave()>{inside}</a> }.into_any()
        }
        Target::Person(with) => {
            let open = move |_| actions.perform(Deed::OpenDirect { with }, go(search, state));
            view! { <button type="button" class="hit is-name" on:click=open>{inside}</button> }.into_any()
        }
    }
}

/// A channel that one is not in.
#[component]
fn ChannelRow(search: Search, channel: Channel) -> impl IntoView {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    let words = use_words();
    let Channel { id, title, members, .. } = channel;
    let title = title.to_string();
    let face = Face::conversation(id, Kind::Channel, &title);
    let label = title.clone();
    let join = move |_| actions.perform(Deed::Join { conversation: id }, go(search, state));
    view! {
        <button type="button" class="hit" aria-label=move || (words().new.join_which)(&label) on:click=join>
            {inside(face, title, (words().room.members)(members))}
            <span class="chip">{move || words().new.join}</span>
        </button>
    }
}

/// Goes to what has been opened. What is refused stays as it was.
fn go(search: Search, state: State) -> impl FnOnce(Result<ConversationId, shared::code::Code>) + 'static {
    move |made| {
        if let Ok(id) = made {
            search.leave();
            state.route.go(&Place::path(id));
        }
    }
}

fn inside(face: Face, title: String, note: String) -> impl IntoView {
    view! {
        <Avatar face size="is-m"/>
        <span class="grow"><span class="nm clip">{title}</span><small class="clip">{note}</small></span>
    }
}
