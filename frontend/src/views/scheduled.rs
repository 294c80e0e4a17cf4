//! Messages for later: choosing when, and the list of those that wait in a conversation.

mod list;

use std::time::Duration;

use leptos::prelude::*;
use shared::id::Timestamp;

use crate::browser;
use crate::locales::{use_language, use_words};
use crate::ui::{Dialog, DialogHeader, Icon};

pub use list::LaterLine;

const HOUR: u64 = 60 * 60 * 1000;

/// The button and the dialog for saying something later.
#[derive(Clone, Copy)]
pub struct LaterChoice {
    is_open: RwSignal<bool>,
    on_choose: Callback<(Timestamp,)>,
}

/// Lets somebody choose a moment; `on_choose` hears which.
pub fn use_later(on_choose: impl Fn(Timestamp) + Send + Sync + 'static) -> LaterChoice {
    let on_choose = Callback::new(move |(due,)| on_choose(due));
    LaterChoice { is_open: RwSignal::new(false), on_choose }
}

impl LaterChoice {
    /// Opens the dialog, if there is something to be said.
    pub fn open(self, is_blank: bool) {
        self.is_open.set(!is_blank);
    }

    /// The button beside the one that sends; it shows while there is something to send.
    pub fn button(self, is_blank: Signal<bool>) -> impl IntoView {
        let words = use_words();
        view! {
            <button
                type="button"
                class="icon-btn"
                hidden=is_blank
                aria-haspopup="dialog"
                aria-label=move || words().later.title
                title=move || words().later.title
                on:mousedown=|press| press.prevent_default()
                on:click=move |_| self.open(false)
            >
                <Icon name="clock"/>
            </button>
        }
    }

    /// The dialog.
    pub fn dialog(self) -> impl IntoView {
        let words = use_words();
        let choose = Callback::new(move |due: (Timestamp,)| {
            self.is_open.set(false);
            let on_choose = self.on_choose;
            // Once the dialog is closed and has given the focus back, to a button that goes now.
            let choose = move || {
                // Whoever is elsewhere by then has no field any more.
                let _ = on_choose.try_run(due);
            };
            set_timeout(choose, Duration::ZERO);
        });
        view! {
            <Dialog open=self.is_open label=Signal::derive(move || words().later.title) class="is-later">
                <DialogHeader
                    open=self.is_open
                    title=Signal::derive(move || words().later.title)
                    close=Signal::derive(move || words().general.close)
                    autofocus=true
                />
                <Moments choose/>
            </Dialog>
        }
    }
}

/// The usual moments, and any other.
#[component]
fn Moments(choose: Callback<(Timestamp,)>) -> impl IntoView {
    let words = use_words();
    let now = browser::now();
    let (evening, morning) = (browser::on_day(0, 20, 0), browser::on_day(1, 9, 0));
    let usual = [(now.after(HOUR), 0), (evening, 1), (morning, 2)];
    let usual = usual.into_iter().filter(|(due, _)| *due > now).map(|(due, which)| {
        let name = move || [words().later.hour, words().later.evening, words().later.morning][which];
        view! {
            <li>
                <button type="button" on:click=move |_| choose.run((due,))>
                    <span>{name}</span>
                    <time>{browser::time_of_day(due)}</time>
                </button>
            </li>
        }
    });
    view! {
        <ul class="moments">{usual.collect_view()}</ul>
        <MomentField due=morning choose confirm=Signal::derive(move || words().later.schedule)/>
    }
}

/// A date and a time, in the time of this device.
#[component]
fn MomentField(
    due: Timestamp,
    choose: Callback<(Timestamp,)>,
    /// What the button is called.
    #[prop(into)]
    confirm: Signal<&'static str>,
) -> impl IntoView {
    let words = use_words();
    let (language, chosen) = (use_language(), RwSignal::new(browser::to_field(due)));
    let named = move || browser::from_field(&chosen.read()).map(|due| browser::day_and_time(due, language()));
    let confirmed = move |_| {
        if let Some(due) = browser::from_field(&chosen.read_untracked()) {
            choose.run((due,));
        }
    };
    view! {
        <div class="moment">
            <label>
                <span>{move || words().later.pick}</span>
                <input
                    type="datetime-local"
                    required
                    min=browser::to_field(browser::now())
                    prop:value=chosen
                    on:input=move |input| chosen.set(event_target_value(&input))
                />
            </label>
            <small role="status">{named}</small>
            <button type="button" class="btn is-primary" on:click=confirmed>{confirm}</button>
        </div>
    }
}
