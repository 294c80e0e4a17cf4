//! What was just done, told beside the field for a few seconds, and the way to take back what was just sent.

use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use shared::client::Part;
use shared::id::ClientId;
use shared::outbox;

use crate::erased::{effect, live};
use crate::locales::{say, use_words};
use crate::views::talk::{Talk, Toast, use_talk};

/// How long it is told.
const TOLD: Duration = Duration::from_secs(5);

/// The line above the field.
#[component]
pub fn ToastLine() -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    effect(move || {
        if talk.toast.get().is_some()
            && let Ok(timer) = set_timeout_with_handle(
                move || {
                    let _ = talk.toast.try_set(None);
                },
                TOLD,
            )
        {
            on_cleanup(move || timer.clear());
        }
    });
    let undo = use_undo(talk);
    let said = move |text: String| view! { <p class="toast" role="status">{text}</p> }.into_any();
    live(move || match talk.toast.get() {
        None => ().into_any(),
        Some(Toast::Copied) => said(words().settings.copied.to_owned()),
        Some(Toast::NotCopied) => said(words().message.not_copied.to_owned()),
        Some(Toast::Saved) => said(words().message.saved.to_owned()),
        Some(Toast::Refused(code)) => said((words().message.not_done)((words().code)(code))),
        Some(Toast::Sent(sent)) => {
            let state = move || {
                let waits = talk.state.read(Part::Conversation(talk.id), |client| waits(client, sent));
                if waits { words().room.waiting } else { words().room.sent }
            };
            view! {
                <p class="toast">
                    <span>{live(state)}</span>
                    <button type="button" class="link-btn" on:click=move |_| undo.run(())>
                        {say(words, |words| words.message.undo)}
                    </button>
                </p>
            }
            .into_any()
        }
    })
}

fn waits(client: &shared::client::Client, sent: ClientId) -> bool {
    let pending = client.outbox().get(sent);
    pending.is_some_and(|pending| !matches!(pending.state, outbox::State::Sent { .. }))
}

/// Takes back what was just sent. What is being sent at this moment is taken back as soon as the log has it.
pub fn use_undo(talk: Talk) -> Callback<()> {
    let wanted = RwSignal::new(None::<ClientId>);
    effect(move || {
        let Some(sent) = wanted.get() else { return };
        talk.state.read(Part::Conversation(talk.id), |_| ());
        if talk.undo(sent) {
            wanted.set(None);
        }
    });
    Callback::new(move |()| {
        if let Some(Toast::Sent(sent)) = talk.toast.get_untracked() {
            talk.toast.set(None);
            wanted.set(Some(sent));
        }
    })
}
