//! Keeps the focus on a row that is moved: an older page above moves all rows of its day in the page, and an element
//! that is moved loses the focus.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{FocusEvent, FocusOptions, HtmlElement, MutationRecord};

/// What has just lost the focus, until the browser has done the rest of what it does at once.
#[derive(Clone, Default)]
pub(super) struct Lost(Rc<RefCell<Option<HtmlElement>>>);

impl Lost {
    /// Hears of every loss in `content`. The closure must live as long as it hears.
    pub(super) fn watch(&self, content: &HtmlElement) -> Closure<dyn Fn(FocusEvent)> {
        let this = self.clone();
        let heard = Closure::<dyn Fn(FocusEvent)>::new(move |event: FocusEvent| {
            if event.related_target().is_none() {
                let target = event.target().and_then(|target| target.dyn_into().ok());
                this.0.replace(target);
                // A person who takes the focus away moves nothing.
                let this = this.clone();
                set_timeout(move || drop(this.0.take()), Duration::ZERO);
            }
        });
        // Every element takes it.
        let _ = content.add_event_listener_with_callback("focusout", heard.as_ref().unchecked_ref());
        heard
    }

    /// Gives the focus back to what lost it by being moved, as these records tell, and is still there.
    pub(super) fn give_back(&self, records: &js_sys::Array) {
        let Some(lost) = self.0.borrow().clone().filter(|lost| lost.is_connected()) else { return };
        let is_moved =
            records.iter().filter_map(|record| record.dyn_into::<MutationRecord>().ok()).any(|record| {
                let removed = record.removed_nodes();
                (0..removed.length()).filter_map(|at| removed.item(at)).any(|node| node.contains(Some(&lost)))
            });
        if is_moved {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            // It had the focus, so it takes it.
            let _ = lost.focus_with_options(&options);
        }
    }
}
