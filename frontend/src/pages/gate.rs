//! The frame around signing in and up: the picture, the form's column, the languages.

use leptos::prelude::*;
use shared::code::Code;
use shared::http::Refusal;
use shared::text::TextError;

use crate::browser;
use crate::erased::live;
use crate::locales::{Words, say, use_words};
use crate::prefs::Language;
use crate::state::State;

/// The page around a form.
#[component]
pub(super) fn Gate(children: Children) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="gate">
            <div class="view" aria-hidden="true">
                <img src="/branch.svg" alt=""/>
                <p>{say(words, |words| words.gate.slogan)}</p>
            </div>
            <main class="gate-main">
                {children()}
                <Foot/>
            </main>
        </div>
    }
}

/// The mark, what this page is for, and which server it is.
#[component]
pub(super) fn Brand(#[prop(into)] title: Signal<&'static str>) -> impl IntoView {
    let words = use_words();
    view! {
        <div class="brand">
            <img src="/magpie.svg" alt=""/>
            <div>
                <h1>{title}</h1>
                <p>{live(move || (words().gate.server)(&browser::host()))}</p>
            </div>
        </div>
    }
}

#[component]
fn Foot() -> impl IntoView {
    let state = expect_context::<State>();
    let words = use_words();
    let choose = move |language| state.prefs.update(|prefs| prefs.language = language);
    let language = |language: Language, name: &'static str| {
        view! {
            <button
                type="button"
                lang=language.tag()
                aria-pressed=Signal::derive(move || (state.prefs.read().language == language).to_string())
                on:click=move |_| choose(language)
            >
                {name}
            </button>
        }
    };
    let version = move || state.server().map(|server| (words().gate.version)(&server.version));
    view! {
        <footer class="gate-foot">
            <div class="languages" role="group" aria-label=say(words, |words| words.gate.language)>
                {language(Language::En, "English")}
                {language(Language::Zh, "简体中文")}
            </div>
            <span class="num">{live(version)}</span>
        </footer>
    }
}

/// Where in a form something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Name,
    Display,
    Password,
    Invitation,
    /// Nowhere in particular.
    Form,
}

/// What is wrong with a form, each where it is.
#[derive(Clone, Copy)]
pub(super) struct Faults(RwSignal<Vec<(Spot, Refusal)>>);

impl Faults {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(Vec::new()))
    }

    pub(super) fn clear(self) {
        self.0.set(Vec::new());
    }

    /// The value, if the text may be one; otherwise it is noted why not.
    pub(super) fn check<T>(self, spot: Spot, value: Result<T, TextError>) -> Option<T> {
        let note = |error: TextError| Refusal { code: error.into(), field: None, retry_after: None };
        value.map_err(|error| self.add(spot, note(error))).ok()
    }

    /// Notes what the server said.
    pub(super) fn add(self, spot: Spot, refusal: Refusal) {
        // Whoever left the page does not need to know.
        let _ = self.0.try_update(|faults| faults.push((spot, refusal)));
    }

    /// What is wrong in one place, in words.
    pub(super) fn at(
        self,
        spot: Spot,
        words: impl Fn() -> &'static Words + Send + Sync + 'static,
    ) -> Signal<Option<String>> {
        Signal::derive(move || {
            let faults = self.0.read();
            let (_, refusal) = faults.iter().find(|(at, _)| *at == spot)?;
            let why = why(words(), spot, refusal.code).to_owned();
            Some(match refusal.retry_after {
                Some(seconds) => format!("{why} {}", (words().retry_after)(seconds)),
                None => why,
            })
        })
    }
}

/// What is wrong, and what this field takes instead.
fn why(words: &Words, spot: Spot, code: Code) -> &'static str {
    match (spot, code) {
        (Spot::Name, Code::BadCharacter) => words.gate.name_characters,
        (Spot::Password, Code::TooShort) => words.gate.password_short,
        _ => (words.code)(code),
    }
}
