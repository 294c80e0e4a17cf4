//! A native dialog: the browser keeps the focus inside, closes it on Esc, and puts the focus back where it was.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::icon::Icon;
use super::typing::is_composed;
use crate::erased::{Show, effect};

/// A modal dialog that is open while `open` says so. Its content lives only while it is open.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] label: Signal<&'static str>,
    #[prop(optional)] class: &'static str,
    /// Where it stands, in pixels from the left and the top, for one whose place is not always the same.
    #[prop(optional, into)]
    at: Signal<(i32, i32)>,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    effect(move || {
        let wanted = open.get();
        // Its content must be there when it opens, or the focus finds no place in it; and it must be open before the
        // next key comes, or that goes elsewhere.
        queue_microtask(move || show(dialog, wanted));
    });
    // Only a press that begins there, too: one may select text to beyond the edge.
    let is_pressed = StoredValue::new(false);
    let is_backdrop = |target: Option<web_sys::EventTarget>| {
        target.is_some_and(|target| target.is_instance_of::<web_sys::HtmlDialogElement>())
    };
    let on_click = move |click: web_sys::MouseEvent| {
        if is_backdrop(click.target()) && is_pressed.get_value() {
            open.set(false);
        }
    };
    // An input method that gives its letters up takes no dialog with it.
    let on_keydown = |key: web_sys::KeyboardEvent| {
        if key.key() == "Escape" && is_composed(&key) {
            key.prevent_default();
        }
    };
    // The browser tells of it a moment later; whoever has opened it again by then wants it open.
    let on_close = move |_: web_sys::Event| {
        if dialog.try_get_untracked().flatten().is_some_and(|dialog| !dialog.open()) {
            open.set(false);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class=class
            style=("--x", move || format!("{}px", at.get().0))
            style=("--y", move || format!("{}px", at.get().1))
            aria-label=label
            on:close=on_close
            on:keydown=on_keydown
            on:pointerdown=move |press| is_pressed.set_value(is_backdrop(press.target()))
            on:click=on_click
        >
            <Show when=move || open.get()>{children()}</Show>
        </dialog>
    }
}

/// The title of a dialog, and the button that closes it.
#[component]
pub fn DialogHeader(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<&'static str>,
    /// What the button is called.
    #[prop(into)]
    close: Signal<&'static str>,
    /// Whether the title takes the focus, where no field does: whoever listens begins at the top, and whoever looks
    /// sees no ring around a button nobody chose.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <header>
            <h2 tabindex=autofocus.then_some("-1") autofocus=autofocus>{title}</h2>
            <button type="button" class="icon-btn" aria-label=close on:click=move |_| open.set(false)>
                <Icon name="x"/>
            </button>
        </header>
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
