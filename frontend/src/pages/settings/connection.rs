//! The connection test.

use leptos::prelude::*;

use crate::echo::{self, Echo};
use crate::erased::live;
use crate::locales::{say, use_words};

/// Messages sent in one test.
const ROUNDS: u32 = 20;

/// How the test stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    NotRun,
    Running,
    Came(Echo),
    Failed,
}

#[component]
pub(super) fn Connection() -> impl IntoView {
    let words = use_words();
    let test = RwSignal::new(Test::NotRun);
    let run = move |_| {
        if test.get_untracked() == Test::Running {
            return;
        }
        test.set(Test::Running);
        echo::test(ROUNDS, move |echo| {
            // Whoever left the page does not need to know.
            let _ = test.try_set(echo.map_or(Test::Failed, Test::Came));
        });
    };
    let told = move || {
        let settings = &words().settings;
        match test.get() {
            Test::NotRun => settings.echo_help.to_owned(),
            Test::Running => settings.echo_running.to_owned(),
            Test::Came(echo) => {
                (settings.echo_result)(echo.sent, echo.back, &millis(echo.median), &millis(echo.slowest))
            }
            Test::Failed => settings.echo_failed.to_owned(),
        }
    };
    view! {
        <section>
            <h2>{say(words, |words| words.settings.connection)}</h2>
            <ul>
                <li>
                    <div>
                        {say(words, |words| words.settings.echo)}
                        <small role="status" class:is-bad=move || test.get() == Test::Failed>{live(told)}</small>
                    </div>
                    <button type="button" class="btn is-small" on:click=run>
                        {say(words, |words| words.settings.echo_run)}
                    </button>
                </li>
            </ul>
        </section>
    }
}

/// Tenths of a millisecond as milliseconds: with one decimal below ten, where it says something.
fn millis(tenths: u32) -> String {
    if tenths < 100 { format!("{}.{}", tenths / 10, tenths % 10) } else { (tenths / 10).to_string() }
}
