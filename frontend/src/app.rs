//! The root: makes state and actions, asks who is signed in, and routes to the pages.

use leptos::ev;
use leptos::prelude::*;

use crate::actions::Actions;
use crate::later::later_view;
use crate::net::Net;
use crate::pages::{SignIn, chat_page, settings_page, sign_up_page};
use crate::prefs::Prefs;
use crate::state::{Session, State};
use crate::{session, shell};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let state = State::new();
    let net = Net::new(state);
    let actions = Actions::new(state, net.clone());
    provide_context(state);
    provide_context(actions);
    Prefs::follow(state.prefs);
    wake_with_the_device(actions);
    session::ask(state, net);

    state.route.follow();
    let shown = Memo::new(move |_| shown(&state.route.path().read(), state.session()));
    Effect::new(move |_| {
        let to = match shown.get() {
            Shown::Home => "/",
            // On a server that nobody owns yet, the first thing to do is to make an account.
            Shown::Gate if state.server().is_none_or(|server| server.owned) => "/signin",
            Shown::Gate => "/signup",
            Shown::Nothing | Shown::Page(_) => return,
        };
        state.route.replace(to);
    });
    Effect::new(move |_| {
        // Once something is on the screen, so that the first page does not wait for it.
        if matches!(shown.get(), Shown::Page(_)) {
            shell::keep();
        }
    });
    move || match shown.get() {
        Shown::Nothing | Shown::Home | Shown::Gate => ().into_any(),
        Shown::Page(Page::SignIn) => view! { <SignIn/> }.into_any(),
        Shown::Page(Page::SignUp) => later_view(sign_up_page),
        Shown::Page(Page::Settings) => later_view(settings_page),
        Shown::Page(Page::Chat) => later_view(chat_page),
    }
}

/// The pages there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Page {
    SignIn,
    SignUp,
    Settings,
    Chat,
}

/// What is on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// It is not known yet who is signed in.
    Nothing,
    Page(Page),
    /// Nothing for long: whoever is signed in is led from the gate to the conversations.
    Home,
    /// And whoever is not, to the gate.
    Gate,
}

fn shown(path: &str, session: Session) -> Shown {
    let page = match path {
        "/signin" => Page::SignIn,
        "/signup" => Page::SignUp,
        "/settings" => Page::Settings,
        _ => Page::Chat,
    };
    let is_gate = matches!(page, Page::SignIn | Page::SignUp);
    match session {
        Session::Asking => Shown::Nothing,
        Session::SignedIn if is_gate => Shown::Home,
        Session::SignedOut if !is_gate => Shown::Gate,
        Session::SignedIn | Session::SignedOut => Shown::Page(page),
    }
}

/// A device that wakes up or is online again should not wait for a timer that stood still.
fn wake_with_the_device(actions: Actions) {
    let online = window_event_listener(ev::online, move |_| actions.wake());
    let visible = window_event_listener(ev::visibilitychange, move |_| {
        if !document().hidden() {
            actions.wake();
        }
    });
    // A window that stayed in sight while the laptop slept tells of nothing else.
    let focused = window_event_listener(ev::focus, move |_| actions.wake());
    let resumed =
        window_event_listener(ev::Custom::<leptos::web_sys::Event>::new("resume"), move |_| actions.wake());
    on_cleanup(move || {
        online.remove();
        visible.remove();
        focused.remove();
        resumed.remove();
    });
}
