//! Posting what was scheduled, when its time has come.

use std::sync::Arc;
use std::time::Duration;

use shared::frame::Deed;
use shared::id::{Timestamp, UserId};
use shared::own::Scheduled;

use super::{deeds, own};
use crate::app::App;
use crate::error::Error;
use crate::store::StoreError;

/// Messages taken up at once.
const BATCH: usize = 50;
/// The longest sleep: a device that slept, or whose clock was set, looks at its clock again after this time.
const NAP: Duration = Duration::from_secs(30);
/// How long to wait when the store could not do it, in milliseconds.
const PAUSE: u64 = 2_000;

/// Runs as long as the server: sleeps until something is due, and is woken when something else may be due earlier.
/// What came due while no server ran is posted at the start.
pub async fn run(app: Arc<App>) {
    loop {
        let rest = match post_due(&app).await {
            Ok(next) => next,
            Err(error) => {
                error.log();
                Some(app.clock.now().after(PAUSE))
            }
        };
        tokio::select! {
            biased;
            () = app.stop.cancelled() => return,
            () = app.scheduled.notified() => {}
            () = sleep_until(&app, rest) => {}
        }
    }
}

async fn sleep_until(app: &App, due: Option<Timestamp>) {
    let Some(due) = due else { return std::future::pending().await };
    loop {
        let left = Duration::from_millis(due.since(app.clock.now()));
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left.min(NAP)).await;
    }
}

/// Posts everything that is due; says when the next is.
async fn post_due(app: &App) -> Result<Option<Timestamp>, Error> {
    loop {
        let next = app.store.next_due().await?;
        let now = app.clock.now();
        if next.is_none_or(|next| next > now) {
            return Ok(next);
        }
        let due = app.store.claim_due(now, BATCH).await?;
        let mut is_stuck = due.is_empty();
        for (user, message) in due {
            is_stuck |= !post(app, user, message).await?;
        }
        if is_stuck {
            return Ok(Some(app.clock.now().after(PAUSE)));
        }
    }
}

/// Posts one, under the identity it was scheduled with: if a server died after posting it, this finds it posted. Says
/// whether it is settled; what failed for the moment comes again.
async fn post(app: &App, user: UserId, message: Scheduled) -> Result<bool, Error> {
    own::changed(app, user).await;
    let Scheduled { id, conversation, body, reply, thread, .. } = message.clone();
    let say = Deed::Post { conversation, body, reply, thread, card: None };
    let posted = match app.store.people(vec![user]).await?.pop() {
        Some(author) => deeds::perform(app, &author, id, say).await,
        None => Err(StoreError::NotFound.into()),
    };
    let failed = match posted {
        Ok(_) => None,
        Err(error) if error.code().is_passing() => {
            error.log();
            return Ok(false);
        }
        Err(error) => Some(error.code()),
    };
    app.store.settle_due(user, message, failed).await?;
    own::changed(app, user).await;
    Ok(true)
}
