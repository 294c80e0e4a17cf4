//! Waiting for something, but not for ever.

use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::{Poll, Waker};
use std::time::Duration;

use leptos::prelude::set_timeout;

/// What the future gives, or `None` when it has given nothing in time.
pub async fn within<F: Future>(time: Duration, future: F) -> Option<F::Output> {
    let is_over = Rc::new(Cell::new(false));
    let waker: Rc<Cell<Option<Waker>>> = Rc::default();
    let (over, wake) = (Rc::clone(&is_over), Rc::clone(&waker));
    set_timeout(
        move || {
            over.set(true);
            if let Some(waker) = wake.take() {
                waker.wake();
            }
        },
        time,
    );
    let mut future = pin!(future);
    poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if is_over.get() => Poll::Ready(None),
        Poll::Pending => {
            waker.set(Some(context.waker().clone()));
            Poll::Pending
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    async fn what_never_comes_is_not_waited_for() {
        assert_eq!(within(Duration::from_millis(5), std::future::pending::<u8>()).await, None);
        assert_eq!(within(Duration::from_mins(1), async { 7 }).await, Some(7));
    }
}
