//! One line for the connection: quiet while all is well, and for the first second when it is not.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::Part;
use shared::link::{State as Link, Stop};

use crate::actions::Actions;
use crate::erased::{Show, live, memo};
use crate::locales::{say, use_words};
use crate::shell;
use crate::state::State;
use crate::ui::Icon;

/// How long a connection may be away before it is spoken of.
const GRACE: Duration = Duration::from_secs(1);

/// What there is to say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Connecting,
    Offline,
    Outdated,
}

/// The line, if there is something to say.
#[component]
pub fn LinkLine() -> impl IntoView {
    let state = expect_context::<State>();
    let actions = expect_context::<Actions>();
    let words = use_words();
    let trouble = memo(move |_| trouble(state.read(Part::Link, shared::client::Client::link_state)));
    let is_late = use_late(memo(move |_| trouble.get().is_some()));
    let line = move || {
        match trouble.get().filter(|_| is_late.get())? {
        Trouble::Connecting => Some(
            view! {
                <p class="wire is-connecting">
                    <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
                    <span>{words().link.connecting}</span>
                </p>
            }
            .into_any(),
        ),
        Trouble::Offline => Some(
            view! {
                <p class="wire">
                    <Icon name="wifi" small=true/>
                    <span>{words().link.offline}</span>
                    <button type="button" class="link-btn" on:click=move |_| actions.wake()>
                        {words().link.try_now}
                    </button>
                </p>
            }
            .into_any(),
        ),
        Trouble::Outdated => Some(
            view! {
                <p class="wire">
                    <Icon name="alert" small=true/>
                    <span>{words().link.outdated}</span>
                    <button type="button" class="link-btn" on:click=move |_| spawn_local(shell::renew())>{words().link.reload}</button>
                </p>
            }
            .into_any(),
        ),
    }
    };
    view! { <div role="status">{live(line)}</div> }
}

/// Says once that this browser refuses to store anything.
#[component]
pub fn StorageLine() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let told = RwSignal::new(false);
    view! {
        <div role="status">
            <Show when=move || !state.storage_ok() && !told.get()>
                <p class="wire">
                    <Icon name="alert" small=true/>
                    <span>{say(words, |words| words.link.no_storage)}</span>
                    <button
                        type="button"
                        class="icon-btn"
                        aria-label=say(words, |words| words.general.close)
                        on:click=move |_| told.set(true)
                    >
                        <Icon name="x" small=true/>
                    </button>
                </p>
            </Show>
        </div>
    }
}

fn trouble(link: Link) -> Option<Trouble> {
    match link {
        Link::Live { .. } | Link::Stopped(Stop::SignedOut) => None,
        Link::Stopped(Stop::Outdated) => Some(Trouble::Outdated),
        // One failure is a hiccup; whoever fails twice in a row is offline.
        Link::Connecting { attempt } | Link::Greeting { attempt } | Link::Waiting { attempt }
            if attempt > 1 =>
        {
            Some(Trouble::Offline)
        }
        _ => Some(Trouble::Connecting),
    }
}

/// Whether a condition has held for the grace period.
fn use_late(condition: Memo<bool>) -> RwSignal<bool> {
    let late = RwSignal::new(false);
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        if condition.get() {
            let say = move || {
                let _ = late.try_set(true);
            };
            return set_timeout_with_handle(say, GRACE).ok();
        }
        late.set(false);
        None
    });
    late
}
