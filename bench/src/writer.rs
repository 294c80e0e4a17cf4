//! Somebody who writes: composes at a pace, whether there is a server or not, and stops when told.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use shared::client::Input;
use shared::frame::Deed;
use shared::id::{ClientId, ConversationId};
use shared::text::Body;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::crowd::Member;
use crate::failure::Result;
use crate::oracle::Oracle;

/// Nobody composes more while so many of their deeds wait.
const AHEAD: usize = 16;

/// How somebody writes.
pub(crate) struct Writer {
    /// Who.
    pub(crate) member: Member,
    /// Where: in one of these.
    pub(crate) conversations: Vec<ConversationId>,
    /// With pauses of so many milliseconds.
    pub(crate) pause: RangeInclusive<u64>,
    /// Roughly so many bytes each time.
    pub(crate) bytes: usize,
    /// Who notes it.
    pub(crate) oracle: Arc<Oracle>,
    /// Decides where and when.
    pub(crate) dice: fastrand::Rng,
}

impl Writer {
    /// Writes until `stop`. What was composed by then stays in the outbox until it is done.
    pub(crate) async fn run(mut self, stop: CancellationToken) -> Result<()> {
        let mut number = 0;
        loop {
            let pause = Duration::from_millis(self.dice.u64(self.pause.clone()));
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = tokio::time::sleep(pause) => {}
            }
            if self.member.client.lock().outbox().iter().count() < AHEAD {
                number += 1;
                self.say(number).await?;
            }
        }
    }

    async fn say(&mut self, number: u64) -> Result<()> {
        let Some(conversation) = self.dice.choice(&self.conversations).copied() else { return Ok(()) };
        let author = self.member.account.id;
        let body = Body::try_from(format!("{author} says {number} {}", "x".repeat(self.bytes)))?;
        let client_id = ClientId(Uuid::now_v7());
        self.oracle.composes(author, conversation, client_id);
        self.member.tell(Input::Do(client_id, Deed::post(conversation, body))).await;
        Ok(())
    }
}
