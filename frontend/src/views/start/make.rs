//! A field for a name and a button beside it: how a group or a channel is made.

use leptos::html;
use leptos::prelude::*;
use shared::code::Code;
use shared::frame::Deed;

use super::Start;
use crate::ui::is_composed;

/// Enter and the button do the same: what was typed becomes a deed, or a fault that is told.
#[component]
pub(super) fn MakeField(
    start: Start,
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] button: Signal<String>,
    deed: impl Fn(&str) -> Result<Deed, Code> + Copy + 'static,
) -> impl IntoView {
    let name = NodeRef::<html::Input>::new();
    let make = move || {
        let Some(input) = name.get_untracked() else { return };
        match deed(&input.value()) {
            Ok(deed) => start.ask(deed),
            Err(code) => {
                start.fault.set(Some(code));
                // The field may be out of sight only in a dialog that is closing.
                let _ = input.focus();
            }
        }
    };
    view! {
        <div class="make">
            <input
                node_ref=name
                class="plain-field"
                type="text"
                autocomplete="off"
                aria-label=label
                placeholder=label
                on:keydown=move |key| {
                    if key.key() == "Enter" && !is_composed(&key) {
                        key.prevent_default();
                        make();
                    }
                }
            />
            <button type="button" class="btn is-primary" disabled=start.busy on:click=move |_| make()>
                {button}
            </button>
        </div>
    }
}
