//! What the server says to a question that a view asks.

use std::future::Future;

use crate::erased::effect;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The answer to a question, asked anew whenever what it reads changes; `None` before the first one. An answer that is
/// overtaken by a newer question is dropped, and one that nobody waits for any more too.
pub fn use_answer<T, F>(ask: impl Fn() -> F + 'static) -> RwSignal<Option<T>, LocalStorage>
where
    T: 'static,
    F: Future<Output = T> + 'static,
{
    let answer = RwSignal::new_local(None);
    let newest = StoredValue::new(0_u32);
    effect(move || {
        let answering = ask();
        newest.update_value(|number| *number += 1);
        let number = newest.get_value();
        spawn_local(async move {
            let said = answering.await;
            if newest.try_get_value() == Some(number) {
                let _ = answer.try_set(Some(said));
            }
        });
    });
    answer
}
