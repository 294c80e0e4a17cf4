//! The dialog that starts a conversation: with a person, with several, or in a channel.

mod channels;
mod find;
mod make;
mod people;

use std::time::Duration;

use leptos::prelude::*;
use shared::code::Code;
use shared::frame::Deed;
use shared::id::ConversationId;

use crate::actions::Actions;
use crate::locales::use_words;
use crate::place::Place;
use crate::route::Route;
use crate::state::State;
use crate::ui::{Choice, Dialog, DialogHeader, Fault};
use channels::Channels;
use people::People;

/// The dialog.
#[component]
pub fn StartDialog(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    view! {
        <Dialog open label=Signal::derive(move || words().new.title) class="is-start">
            <Content open/>
        </Dialog>
    }
}

#[component]
fn Content(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let start = Start::new(open);
    let in_channels = RwSignal::new(false);
    let options = vec![
        (false, Signal::derive(move || words().new.people)),
        (true, Signal::derive(move || words().new.channels)),
    ];
    let fault = Signal::derive(move || start.fault.get().map(|code| (words().code)(code).to_owned()));
    view! {
        <DialogHeader
            open
            title=Signal::derive(move || words().new.title)
            close=Signal::derive(move || words().general.close)
        />
        <div class="kinds">
            <Choice
                name="start-kind"
                label=Signal::derive(move || words().new.title)
                options
                chosen=in_channels
                on_choose=move |channels| {
                    start.fault.set(None);
                    in_channels.set(channels);
                }
            />
        </div>
        {move || {
            if in_channels.get() {
                view! { <Channels start/> }.into_any()
            } else {
                view! { <People start/> }.into_any()
            }
        }}
        <div class="foot-fault"><Fault fault/></div>
    }
}

/// What both halves of the dialog do: ask for a conversation, wait for it, and go there.
#[derive(Clone, Copy)]
struct Start {
    actions: Actions,
    open: RwSignal<bool>,
    fault: RwSignal<Option<Code>>,
    busy: RwSignal<bool>,
    route: Route,
}

impl Start {
    fn new(open: RwSignal<bool>) -> Self {
        Self {
            actions: expect_context::<Actions>(),
            open,
            fault: RwSignal::new(None),
            busy: RwSignal::new(false),
            route: expect_context::<State>().route,
        }
    }

    /// Asks for it; goes there when it is done, unless the dialog was closed before.
    fn ask(self, deed: Deed) {
        self.fault.set(None);
        self.busy.set(true);
        self.actions.perform(deed, move |result| {
            let _ = self.busy.try_set(false);
            match result {
                Ok(id) => self.go(id),
                Err(code) => drop(self.fault.try_set(Some(code))),
            }
        });
    }

    fn go(self, id: ConversationId) {
        if !self.busy.is_disposed() {
            self.open.set(false);
            let route = self.route;
            // Once the dialog is closed and has given the focus back: what opens now takes it.
            set_timeout(move || route.go(&Place::path(id)), Duration::ZERO);
        }
    }
}
