//! The address bar: follows it, and changes it without loading the page anew.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

/// Marks a link after which the system's back gesture does not lead here again.
const REPLACE: &str = "data-replace";

/// What the address bar says, and how it is changed. Cheap to copy; lives as long as the page.
#[derive(Clone, Copy)]
pub struct Route {
    path: RwSignal<String>,
}

impl Route {
    pub fn new() -> Self {
        Self { path: RwSignal::new(path()) }
    }

    /// From now on the back gesture and clicks on links of ours change what is shown, and load nothing.
    pub fn follow(self) {
        let back = window_event_listener(ev::popstate, move |_| self.look());
        let click = window_event_listener(ev::click, move |click| {
            if let Some(link) = followed(&click) {
                click.prevent_default();
                self.visit(&link.href(), link.has_attribute(REPLACE));
            }
        });
        on_cleanup(move || {
            back.remove();
            click.remove();
        });
    }

    /// The path, as in `/c/7`.
    pub fn path(self) -> Signal<String> {
        self.path.into()
    }

    /// Goes to a path.
    pub fn go(self, to: &str) {
        self.visit(to, false);
    }

    /// Goes to a path, and leaves this one out of the way back.
    pub fn replace(self, to: &str) {
        self.visit(to, true);
    }

    fn visit(self, to: &str, instead: bool) {
        let changed = window().history().and_then(|history| {
            if instead {
                history.replace_state_with_url(&JsValue::NULL, "", Some(to))
            } else {
                history.push_state_with_url(&JsValue::NULL, "", Some(to))
            }
        });
        // Browsers refuse whoever changes the address too often; the page is then loaded at the new one.
        if changed.is_err() {
            let _ = window().location().set_href(to);
            return;
        }
        window().scroll_to_with_x_and_y(0.0, 0.0);
        self.look();
    }

    fn look(self) {
        let path = path();
        if *self.path.read_untracked() != path {
            self.path.set(path);
        }
    }
}

/// What stands behind the `#` of the address; no server sees it.
pub fn fragment() -> String {
    let fragment = window().location().hash().unwrap_or_default();
    fragment.trim_start_matches('#').to_owned()
}

fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// The link of ours that a plain click is for. What opens elsewhere or is to be kept is the browser's affair.
fn followed(click: &MouseEvent) -> Option<HtmlAnchorElement> {
    let is_plain = click.button() == 0
        && !(click.default_prevented()
            || click.meta_key()
            || click.ctrl_key()
            || click.shift_key()
            || click.alt_key());
    let target = click.target().filter(|_| is_plain)?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let is_ours = Some(link.origin()) == window().location().origin().ok()
        && link.target().is_empty()
        && !link.has_attribute("download");
    is_ours.then_some(link)
}
