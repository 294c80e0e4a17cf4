//! What went wrong with a message or with a change of it, and the ways out.

use leptos::prelude::*;
use shared::code::Code;
use shared::frame::Deed;
use shared::id::ClientId;
use shared::rows::Delivery;

use super::Drawn;
use crate::locales::use_words;
use crate::views::talk::{Talk, may_edit, use_talk};

/// All that was refused of one message.
#[component]
pub(super) fn Troubles(drawn: Memo<Drawn>) -> impl IntoView {
    let failed = Memo::new(move |_| {
        let message = &drawn.read().message;
        let said = message.entry.client_id.map(|id| (id, message.delivery));
        let all = said.iter().chain(&message.amending);
        let failed = all.filter_map(|(id, delivery)| match delivery {
            Delivery::Failed(code) => Some((*id, *code)),
            _ => None,
        });
        failed.collect::<Vec<_>>()
    });
    view! {
        <For each=move || failed.get() key=|failed| *failed let((id, code))>
            <Trouble id code/>
        </For>
    }
}

/// Why a deed was refused, and the ways out.
#[component]
fn Trouble(id: ClientId, code: Code) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let why = move || {
        (words().room.not_sent)(match code {
            Code::NotAllowed => words().room.may_not_write,
            code => (words().code)(code),
        })
    };
    view! {
        <div class="trouble">
            <span role="status">{why}</span>
            <button type="button" class="link-btn" on:click=move |_| talk.actions.retry(id)>
                {move || words().room.retry}
            </button>
            {may_edit_anew(talk, id).then(|| view! {
                <button type="button" class="link-btn" on:click=move |_| edit(talk, id)>
                    {move || words().room.edit}
                </button>
            })}
            <button type="button" class="link-btn is-danger" on:click=move |_| talk.actions.discard(id)>
                {move || words().room.discard}
            </button>
        </div>
    }
}

/// Whether the composer can take what was refused: it has no room for a card.
fn may_edit_anew(talk: Talk, id: ClientId) -> bool {
    talk.state.peek(|client| {
        let deed = client.outbox().get(id).map(|pending| &pending.deed);
        let fits = |deed: &Deed| match deed {
            // What belongs into a thread is written there.
            Deed::Post { card, thread, .. } => card.is_none() && *thread == talk.thread,
            deed => deed.is_typed(),
        };
        deed.is_some_and(fits)
    })
}

/// Puts what was refused back into the composer.
fn edit(talk: Talk, id: ClientId) {
    let deed = talk.state.peek(|client| client.outbox().get(id).map(|pending| pending.deed.clone()));
    match deed {
        Some(Deed::Post { body, reply, .. }) => {
            talk.put_back(body.as_str());
            if let Some(seq) = reply {
                talk.reply(seq);
            }
        }
        Some(Deed::Edit { target, body, .. }) if talk.entry(target).is_some_and(|entry| may_edit(&entry)) => {
            talk.edit(target, body.as_str());
        }
        // What can be changed no more can still be said.
        Some(Deed::Edit { body, .. }) => talk.put_back(body.as_str()),
        Some(Deed::AddLine { text, .. }) => talk.put_back(text.as_str()),
        _ => return,
    }
    talk.actions.discard(id);
}
