//! Going to a day: the dialog behind the floating date.

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::code::Code;
use shared::id::{ConversationId, Timestamp};

use crate::locales::use_words;
use crate::ui::{Dialog, DialogHeader};
use crate::views::Jump;
use crate::{api, browser};

/// Whether somebody chooses a day, and from which one they came. Cheap to copy.
#[derive(Clone, Copy)]
pub(in crate::views) struct Choosing {
    open: RwSignal<bool>,
    from: RwSignal<Timestamp>,
}

impl Choosing {
    pub(super) fn new() -> Self {
        Self { open: RwSignal::new(false), from: RwSignal::new(browser::now()) }
    }

    pub(super) fn begin(self, from: Timestamp) {
        self.from.set(from);
        self.open.set(true);
    }
}

#[component]
pub(super) fn DateChooser(id: ConversationId, choosing: Choosing) -> impl IntoView {
    let words = use_words();
    let open = choosing.open;
    view! {
        <Dialog open label=Signal::derive(move || words().room.go_to_date) class="is-small">
            <DialogHeader
                open
                title=Signal::derive(move || words().room.go_to_date)
                close=Signal::derive(move || words().general.close)
            />
            <DateForm id choosing/>
        </Dialog>
    }
}

#[component]
fn DateForm(id: ConversationId, choosing: Choosing) -> impl IntoView {
    let words = use_words();
    let jump = expect_context::<Jump>();
    let Choosing { open, from } = choosing;
    let (day, trouble) =
        (RwSignal::new(browser::field_of(from.get_untracked())), RwSignal::new(None::<Code>));
    let go = move |submit: web_sys::SubmitEvent| {
        submit.prevent_default();
        let Some(time) = browser::day_in_field(&day.get_untracked()) else { return };
        spawn_local(async move {
            match api::first_at(id, time).await {
                Ok(moment) => {
                    open.set(false);
                    jump.to(id, moment.seq);
                }
                Err(refusal) => {
                    trouble.try_set(Some(refusal.code));
                }
            }
        });
    };
    let today = browser::field_of(browser::now());
    view! {
        <form class="date-form" on:submit=go>
            <label>
                <span class="sr">{move || words().room.date}</span>
                <input
                    type="date"
                    required=true
                    autofocus=true
                    max=today
                    prop:value=day
                    on:input=move |input| day.set(event_target_value(&input))
                />
            </label>
            <button type="submit" class="btn is-primary">{move || words().room.go}</button>
            <p class="note is-bad" role="status">
                {move || trouble.get().map(|code| (words().code)(code))}
            </p>
        </form>
    }
}
