//! Which day it is here: a page that stays open over midnight calls yesterday by its name.

use std::time::Duration;

use leptos::ev;
use leptos::prelude::*;

use crate::browser;
use crate::erased::{effect, memo};

const MINUTE_MS: u64 = 60_000;

/// A context, so that all rows and dates share one clock.
#[derive(Clone, Copy)]
struct Today(Memo<i32>);

/// Follows the calendar for as long as the component lives that asks; what it draws may call [`use_today`].
pub fn follow_the_calendar() {
    let minute = Trigger::new();
    // Days begin with a minute in every time zone, and the zone itself may change with the journey.
    effect(move || {
        minute.track();
        let left = MINUTE_MS - browser::now().0 % MINUTE_MS;
        if let Ok(timer) = set_timeout_with_handle(move || minute.notify(), Duration::from_millis(left)) {
            on_cleanup(move || timer.clear());
        }
    });
    // Timers stand still while a device sleeps.
    let seen = window_event_listener(ev::visibilitychange, move |_| minute.notify());
    on_cleanup(move || seen.remove());
    provide_context(Today(memo(move |_| {
        minute.track();
        browser::day_of(browser::now())
    })));
}

/// The number of the day it is here, as `browser::day_of` counts. Whatever names a moment by the day should track it.
pub fn use_today() -> Memo<i32> {
    expect_context::<Today>().0
}
