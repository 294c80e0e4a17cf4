//! Finding channels: join one, or make one.

use leptos::prelude::*;
use shared::frame::Deed;
use shared::http::Channel;
use shared::model::Kind;
use shared::text::Title;

use super::Start;
use super::make::MakeField;
use crate::api;
use crate::locales::use_words;
use crate::ui::{Avatar, Face, Icon};

#[component]
pub(super) fn Channels(start: Start) -> impl IntoView {
    let words = use_words();
    let query = RwSignal::new(String::new());
    let found = LocalResource::new(move || {
        let query = query.get();
        async move { api::channels(query.trim()).await }
    });
    let list = move || {
        found.get().map(|found| match found {
            Err(refusal) => {
                view! { <p class="note is-bad">{move || (words().code)(refusal.code)}</p> }.into_any()
            }
            Ok(found) if found.channels.is_empty() => {
                view! { <p class="note">{move || words().new.no_channel}</p> }.into_any()
            }
            Ok(found) => {
                let rows = found.channels.iter().cloned();
                let rows = rows.map(|channel| view! { <ChannelRow channel start/> }).collect_view();
                view! {
                    <ul>{rows}</ul>
                    <p class="note" hidden=!found.more>{move || words().new.more}</p>
                }
                .into_any()
            }
        })
    };
    view! {
        <label class="ask">
            <Icon name="search"/>
            <input
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=move || words().new.find_channels
                placeholder=move || words().new.find_channels
                on:input=move |input| query.set(event_target_value(&input))
            />
        </label>
        <div class="found">{list}</div>
        <Make start/>
    }
}

#[component]
fn ChannelRow(channel: Channel, start: Start) -> impl IntoView {
    let words = use_words();
    let Channel { id, title, members, joined } = channel;
    let title = title.to_string();
    let face = Face::conversation(id, Kind::Channel, &title);
    let label = title.clone();
    let verb = move || if joined { words().new.open } else { words().new.join };
    let whole = move || {
        let verb = if joined { words().new.open_which } else { words().new.join_which };
        verb(&label)
    };
    let act = move |_| {
        if joined {
            start.go(id);
        } else {
            start.ask(Deed::Join { conversation: id });
        }
    };
    view! {
        <li class="pick">
            <div class="pick-row">
                <Avatar face size="is-m"/>
                <span class="grow">
                    <span class="nm clip">{title}</span>
                    <small>{move || (words().room.members)(members)}</small>
                </span>
                <button
                    type="button"
                    class="btn is-small"
                    aria-label=whole
                    disabled=start.busy
                    on:click=act
                >
                    {verb}
                </button>
            </div>
        </li>
    }
}

#[component]
fn Make(start: Start) -> impl IntoView {
    let words = use_words();
    let button = Signal::derive(move || words().new.make_channel.to_owned());
    let deed = |title: &str| Ok(Deed::MakeChannel { title: Title::try_from(title)? });
    view! {
        <div class="group">
            <MakeField start label=Signal::derive(move || words().new.channel_name) button deed/>
        </div>
    }
}
