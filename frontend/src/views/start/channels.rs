//! Finding channels: join one, or make one.

use leptos::prelude::*;
use shared::frame::Deed;
use shared::http::Channel;
use shared::model::Kind;
use shared::text::Title;

use super::Start;
use super::find::{Ask, Found};
use super::make::MakeField;
use crate::answer::use_answer;
use crate::api;
use crate::erased::live;
use crate::locales::{say, use_words};
use crate::ui::{Avatar, Face};

#[component]
pub(super) fn Channels(start: Start) -> impl IntoView {
    let words = use_words();
    let query = RwSignal::new(String::new());
    let found = use_answer(move || {
        let query = query.get();
        async move { api::channels(query.trim()).await }
    });
    let list = move || {
        found.get().map(|found| {
            let more = found.as_ref().is_ok_and(|found| found.more);
            let row = |channel: &Channel| view! { <ChannelRow channel=channel.clone() start/> }.into_any();
            let rows = found.map(|found| found.channels.iter().map(row).collect());
            let rows = rows.map_err(|refusal| refusal.code);
            view! { <Found rows more nothing=say(words, |words| words.new.no_channel)/> }
        })
    };
    view! {
        <Ask label=say(words, |words| words.new.find_channels) query/>
        <div class="found">{live(list)}</div>
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
                    <small>{live(move || (words().room.members)(members))}</small>
                </span>
                <button
                    type="button"
                    class="btn is-small"
                    aria-label=whole
                    disabled=start.busy
                    on:click=act
                >
                    {live(verb)}
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
            <MakeField start label=say(words, |words| words.new.channel_name) button deed/>
        </div>
    }
}
