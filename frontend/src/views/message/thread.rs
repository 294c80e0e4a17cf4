//! The ways into a thread: from the message that opened it, and from each reply as it stands in the conversation.

use leptos::prelude::*;
use shared::client::Part;
use shared::id::Seq;
use web_sys::MouseEvent;

use super::Drawn;
use super::quote::one_line;
use crate::browser;
use crate::locales::use_words;
use crate::place::Place;
use crate::ui::Icon;
use crate::views::menu::OpenThread;
use crate::views::talk::use_talk;

/// Above a reply: which thread it is in.
#[component]
pub(super) fn InThread(root: Seq) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let first = Memo::new(move |_| {
        talk.state.read(Part::Conversation(talk.id), |client| one_line(client, talk.id, root, words()).text)
    });
    view! {
        <Way root class="in-thread">
            <span class="sr">{move || words().thread.inside}</span>
            <span class="clip">{first}</span>
        </Way>
    }
}

/// Below the message that opened a thread: how many replies there are, and when the last one came.
#[component]
pub(super) fn ThreadLink(drawn: Memo<Drawn>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let thread = Memo::new(move |_| {
        let message = &drawn.read().message;
        let thread = message.entry.more.as_ref().and_then(|more| more.thread);
        message.seq.zip(thread).filter(|(_, thread)| thread.count > 0 && talk.thread.is_none())
    });
    let root = Memo::new(move |_| thread.get().map(|(root, _)| root));
    let said = move || {
        thread
            .get()
            .map(|(_, thread)| (words().thread.replies_at)(thread.count, &browser::time_of_day(thread.at)))
    };
    move || root.get().map(|root| view! { <Way root class="thread-link">{said}</Way> })
}

/// A link that opens the thread where one is; opened elsewhere, it leads there, too.
#[component]
fn Way(root: Seq, class: &'static str, children: Children) -> impl IntoView {
    let talk = use_talk();
    let open = use_context::<OpenThread>();
    let path = Place { conversation: Some(talk.id), thread: Some(root), ..Place::default() }.link();
    let go = move |click: MouseEvent| {
        let is_plain = click.button() == 0 && !(click.ctrl_key() || click.meta_key() || click.shift_key());
        if let Some(OpenThread(open)) = open.filter(|_| is_plain) {
            click.prevent_default();
            open.run(root);
        }
    };
    view! { <a class=class href=path on:click=go><Icon name="thread" small=true/>{children()}</a> }
}
