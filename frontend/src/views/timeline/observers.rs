//! Hearing of every change of rows and sizes before it is painted.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, FocusEvent, HtmlElement, MutationObserver, MutationObserverInit, ResizeObserver};

use super::focus::Lost;

/// Observes until it is dropped.
pub(super) struct Observers {
    rows: Option<MutationObserver>,
    sizes: Option<ResizeObserver>,
    content: HtmlElement,
    on_loss: Closure<dyn Fn(FocusEvent)>,
    _on_change: Closure<dyn Fn(js_sys::Array)>,
}

impl Observers {
    /// Calls back when the content gets or loses rows, and when it or the view around it changes its size.
    pub(super) fn new(view: &Element, content: &HtmlElement, on_change: impl Fn() + 'static) -> Self {
        let lost = Lost::default();
        let on_loss = lost.watch(content);
        let on_change = Closure::<dyn Fn(js_sys::Array)>::new(move |records: js_sys::Array| {
            lost.give_back(&records);
            on_change();
        });
        let callback = on_change.as_ref().unchecked_ref();
        // Both exist in every browser that runs WebAssembly of this age.
        let (rows, sizes) = (MutationObserver::new(callback).ok(), ResizeObserver::new(callback).ok());
        if let Some(rows) = &rows {
            let what = MutationObserverInit::new();
            what.set_child_list(true);
            what.set_subtree(true);
            // Refused only without anything to observe.
            let _ = rows.observe_with_options(content, &what);
        }
        if let Some(sizes) = &sizes {
            sizes.observe(view);
            sizes.observe(content);
        }
        Self { rows, sizes, content: content.clone(), on_loss, _on_change: on_change }
    }
}

impl Drop for Observers {
    fn drop(&mut self) {
        if let Some(rows) = &self.rows {
            rows.disconnect();
        }
        if let Some(sizes) = &self.sizes {
            sizes.disconnect();
        }
        let on_loss = self.on_loss.as_ref().unchecked_ref();
        // It was added.
        let _ = self.content.remove_event_listener_with_callback("focusout", on_loss);
    }
}
