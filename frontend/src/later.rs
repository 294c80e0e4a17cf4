//! Parts of the program that are loaded when they are first wanted: what most people do not need at once.
//!
//! A view goes into such a part by being made in a function that [`later!`] writes, and is shown by [`later_view`], or, if
//! it is a dialog, by [`later_dialog`]:
//!
//! ```ignore
//! later! {
//!     /// The settings.
//!     pub fn settings() in settings { view! { <Settings/> }.into_any() }
//! }
//! view! { <main>{later_view(settings)}</main> }
//! ```
//!
//! What only such views use goes into the part with them. Nothing else may name them, or all of it stays at home.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use crate::answer::use_answer;
use crate::browser;
use crate::erased::{effect, live, memo};
use crate::locales::{say, use_words};

/// How long a part may be on its way before it is spoken of.
const GRACE: Duration = Duration::from_millis(300);

/// What makes the view, once its part is there.
pub type Loaded = Result<Box<dyn Fn() -> AnyView>, SplitLoaderError>;

/// Writes a function that loads the named part, and then gives what makes the view, whose arguments are cheap to copy;
/// or, if it says what it gives (`in part -> T`), that. Where the program is not cut into parts, everything is there at once.
macro_rules! later {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $kind:ty),* $(,)?) in $part:ident -> $given:ty $body:block) => {
        $(#[$doc])*
        #[cfg(split)]
        #[::leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
        $vis fn $name($($arg: $kind),*) -> Result<$given, ::leptos::wasm_split::SplitLoaderError> {
            let given = $body;
            Ok(given)
        }

        $(#[$doc])*
        #[cfg(not(split))]
        $vis async fn $name($($arg: $kind),*) -> Result<$given, ::leptos::wasm_split::SplitLoaderError> {
            let given = $body;
            Ok(given)
        }
    };
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $kind:ty),* $(,)?) in $part:ident $view:block) => {
        $(#[$doc])*
        #[cfg(split)]
        #[::leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
        $vis fn $name($($arg: $kind),*) -> $crate::later::Loaded {
            Ok(Box::new(move || $view))
        }

        $(#[$doc])*
        #[cfg(not(split))]
        $vis async fn $name($($arg: $kind),*) -> $crate::later::Loaded {
            Ok(Box::new(move || $view))
        }
    };
}
pub(crate) use later;

/// Shows a view as soon as its part is there.
pub fn later_view<F: Future<Output = Loaded> + 'static>(load: impl Fn() -> F + 'static) -> AnyView {
    shown(Box::new(move || Box::pin(load())), None)
}

/// Shows a dialog, whose part is loaded when it is first opened.
pub fn later_dialog<F: Future<Output = Loaded> + 'static>(
    open: RwSignal<bool>,
    load: impl Fn(RwSignal<bool>) -> F + Clone + Send + Sync + 'static,
) -> AnyView {
    let wanted = memo(move |was| was == Some(&true) || open.get());
    let dialog = move || {
        let load = load.clone();
        wanted.get().then(|| shown(Box::new(move || Box::pin(load(open))), Some(open)))
    };
    live(dialog)
}

/// How long the connection stands before the page is taken to be at rest: the first messages have come by then.
const AT_REST: Duration = Duration::from_secs(1);

/// Writes what loads each of these parts, and nothing of it yet.
macro_rules! parts {
    ($($part:ident)*) => {
        $(later! {
            /// Loads this part, and says that it is there.
            fn $part() in $part -> bool { true }
        })*

        async fn load_all() {
            // One after the other. Whoever wants one that did not come is told so then.
            $(let _ = $part().await;)*
        }
    };
}

parts! { reading composing messages switcher room dialogs emoji search code }

/// Loads all parts of the conversations once the page is at rest: its connection stands and the browser has nothing else
/// to do. What is wanted from then on is there at once.
pub fn load_at_rest(is_connected: impl Fn() -> bool + 'static) {
    let is_begun = StoredValue::new(false);
    effect(move || {
        if is_connected() && !is_begun.get_value() {
            is_begun.set_value(true);
            set_timeout(|| browser::when_idle(|| spawn_local(load_all())), AT_REST);
        }
    });
}

type Load = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Loaded>>>>;

fn shown(load: Load, open: Option<RwSignal<bool>>) -> AnyView {
    let attempt = RwSignal::new(());
    let loaded = use_answer(move || {
        attempt.track();
        load()
    });
    let is_late = RwSignal::new(false);
    let timer = set_timeout_with_handle(
        move || {
            let _ = is_late.try_set(true);
        },
        GRACE,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let again = move || {
        loaded.set(None);
        attempt.notify();
    };
    if let Some(open) = open {
        // Whoever opens it once more wants it tried once more.
        effect(move || {
            if open.get() && matches!(&*loaded.read_untracked(), Some(Err(_))) {
                again();
            }
        });
    }
    let view = move || match &*loaded.read() {
        Some(Ok(view)) => view(),
        // Whoever closes a dialog does not wait for it.
        _ if open.is_some_and(|open| !open.get()) => ().into_any(),
        Some(Err(_)) => view! { <Missing again open/> }.into_any(),
        None => view! { <p class="later" role="status">{live(move || is_late.get().then(waiting))}</p> }
            .into_any(),
    };
    live(view)
}

fn waiting() -> impl IntoView {
    let words = use_words();
    view! { <span>{say(words, |words| words.gate.waiting)}</span> }
}

/// Says that a part did not come. A server that has become a newer one has the old parts no more, so that trying
/// again can fail for ever: the page can be loaded anew, too.
#[component]
fn Missing(again: impl Fn() + 'static, open: Option<RwSignal<bool>>) -> impl IntoView {
    let words = use_words();
    let close = open.map(|open| {
        view! {
            <button type="button" class="link-btn" on:click=move |_| open.set(false)>
                {say(words, |words| words.general.close)}
            </button>
        }
    });
    view! {
        <p class="later" role="alert">
            <span>{say(words, |words| words.general.not_loaded)}</span>
            <button type="button" class="link-btn" on:click=move |_| again()>{say(words, |words| words.room.retry)}</button>
            <button type="button" class="link-btn" on:click=|_| browser::reload()>{say(words, |words| words.link.reload)}</button>
            {close}
        </p>
    }
}
