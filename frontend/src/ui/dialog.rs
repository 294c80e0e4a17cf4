//! A native dialog: the browser keeps the focus inside, closes it on Esc, and puts the focus back where it was.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

/// A modal dialog that is open while `open` says so. Its content lives only while it is open.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] label: Signal<&'static str>,
    #[prop(optional)] class: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        // Its content must be there when it opens, or the focus finds no place in it.
        set_timeout(move || show(dialog, wanted), Duration::ZERO);
    });
    let on_click = move |click: web_sys::MouseEvent| {
        let on_backdrop =
            click.target().is_some_and(|target| target.is_instance_of::<web_sys::HtmlDialogElement>());
        if on_backdrop {
            open.set(false);
        }
    };
    view! {
        <dialog node_ref=dialog class=class aria-label=label on:close=move |_| open.set(false) on:click=on_click>
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}

fn show(dialog: NodeRef<html::Dialog>, wanted: bool) {
    let Some(dialog) = dialog.try_get_untracked().flatten() else { return };
    if wanted && !dialog.open() {
        // Refused only for a dialog that is not in the page.
        let _ = dialog.show_modal();
    } else if !wanted && dialog.open() {
        dialog.close();
    }
}
