//! The root: makes state and actions, asks who is signed in, and routes to the pages.

use leptos::ev;
use leptos::prelude::*;
use leptos_router::components::{Redirect, Route, Router, Routes};
use leptos_router::path;

use crate::actions::Actions;
use crate::net::Net;
use crate::pages::{Chat, Settings, SignIn, SignUp};
use crate::prefs::Prefs;
use crate::session;
use crate::state::{Session, State};

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

    view! {
        <Router>
            <Routes fallback=|| view! { <Redirect path="/"/> }>
                <Route path=path!("/signin") view=|| view! { <Outside><SignIn/></Outside> }/>
                <Route path=path!("/signup") view=|| view! { <Outside><SignUp/></Outside> }/>
                <Route path=path!("/settings") view=|| view! { <Inside><Settings/></Inside> }/>
                <Route path=path!("/*any") view=|| view! { <Inside><Chat/></Inside> }/>
            </Routes>
        </Router>
    }
}

/// Pages for those who are signed in; others are led to the sign-in page.
#[component]
fn Inside(children: ChildrenFn) -> impl IntoView {
    let state = expect_context::<State>();
    let session = Memo::new(move |_| state.session());
    move || match session.get() {
        Session::Asking => ().into_any(),
        Session::SignedIn => children().into_any(),
        Session::SignedOut => {
            // On a server that nobody owns yet, the first thing to do is to make an account.
            let owned = state.server().is_none_or(|server| server.owned);
            view! { <Redirect path=if owned { "/signin" } else { "/signup" }/> }.into_any()
        }
    }
}

/// Pages for those who are not signed in; others are led to their conversations.
#[component]
fn Outside(children: ChildrenFn) -> impl IntoView {
    let state = expect_context::<State>();
    let session = Memo::new(move |_| state.session());
    move || match session.get() {
        Session::Asking => ().into_any(),
        Session::SignedOut => children().into_any(),
        Session::SignedIn => view! { <Redirect path="/"/> }.into_any(),
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
    on_cleanup(move || {
        online.remove();
        visible.remove();
    });
}
