//! What a message says, with what it answers and whose words it passes on.

use leptos::prelude::*;
use shared::client::Part;
use shared::markup::is_emoji_only;
use shared::message::Forwarded;
use shared::rows::Delivery;

use super::Drawn;
use super::meta::Meta;
use super::quote::QuoteOf;
use super::thread::InThread;
use crate::later::later_view;
use crate::locales::use_words;
use crate::place::Place;
use crate::views::card_of;
use crate::views::markup::said;
use crate::views::naming::name_of;
use crate::views::talk::use_talk;

#[component]
pub(super) fn Bubble(drawn: Memo<Drawn>, is_near: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let text = Memo::new(move |_| drawn.read().text());
    let reply = Memo::new(move |_| drawn.read().message.entry.message().and_then(|post| post.reply));
    let forwarded =
        Memo::new(move |_| drawn.read().message.entry.message().and_then(|post| post.forwarded.clone()));
    let in_thread = Memo::new(move |_| {
        let root = drawn.read().message.entry.message().and_then(|post| post.thread);
        root.filter(|_| talk.thread.is_none())
    });
    let has_card =
        Memo::new(move |_| drawn.read().message.entry.message().is_some_and(|post| post.card.is_some()));
    let is_large = Memo::new(move |_| {
        let is_bare = reply.get().is_none() && forwarded.read().is_none() && !has_card.get();
        let is_bare = is_bare && in_thread.get().is_none();
        is_bare && is_emoji_only(&text.read())
    });
    let has_failed = move || matches!(drawn.read().message.delivery, Delivery::Failed(_));
    let text_and_meta = move || {
        let text = text.get();
        if is_large.get() {
            view! { <p class="big">{text}</p><Meta drawn is_near/> }.into_any()
        } else if has_card.get() {
            let card = later_view(move || card_of(drawn, is_near));
            view! { {said(&text, ().into_any())}{card}<Meta drawn is_near/> }.into_any()
        } else {
            said(&text, view! { <Meta drawn is_near/> }.into_any())
        }
    };
    view! {
        <div class="bubble" class:is-bare=is_large class:has-card=has_card class:is-failed=has_failed>
            {move || in_thread.get().map(|root| view! { <InThread root/> })}
            {move || forwarded.get().map(|origin| view! { <Origin origin/> })}
            {move || reply.get().map(|seq| view! { <QuoteOf seq is_near/> })}
            {text_and_meta}
        </div>
    }
}

/// Whose words a forwarded message has, and the way back to them for who keeps them.
#[component]
fn Origin(origin: Forwarded) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let who = move || {
        let name = talk.state.read(Part::People, |client| name_of(client, origin.author, words()));
        (words().message.forwarded_from)(&name)
    };
    let back = origin.place.map(|(id, seq)| {
        view! { <a class="link-btn" href=Place::message_path(id, seq)>{move || words().message.original}</a> }
    });
    view! { <div class="origin"><span>{who}</span>{back}</div> }
}
