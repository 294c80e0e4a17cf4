//! One of few, and on or off: native inputs in other clothes, so that every key works as people expect.

use leptos::prelude::*;

/// One of a few options, side by side.
#[component]
pub fn Choice<T>(
    /// Ties the options together; not shown.
    name: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    options: Vec<(T, Signal<&'static str>)>,
    #[prop(into)] chosen: Signal<T>,
    #[prop(into)] on_choose: Callback<T>,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let options = options.into_iter().map(|(option, label)| {
        view! {
            <label>
                <input
                    type="radio"
                    class="sr"
                    name=name
                    prop:checked=Signal::derive(move || chosen.get() == option)
                    on:change=move |_| on_choose.run(option)
                />
                {label}
            </label>
        }
    });
    view! { <span class="seg" role="radiogroup" aria-label=label>{options.collect_view()}</span> }
}

/// On or off.
#[component]
pub fn Switch(
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] on: Signal<bool>,
    #[prop(into)] on_turn: Callback<bool>,
) -> impl IntoView {
    view! {
        <input
            type="checkbox"
            role="switch"
            class="switch"
            aria-label=label
            prop:checked=on
            on:change=move |change| on_turn.run(event_target_checked(&change))
        />
    }
}
