//! Bringing a client's copy of its person's own state up to what the store has.

use shared::frame::ServerFrame;
use shared::id::{Epoch, Seq};
use shared::model::List;
use shared::own::SLOTS_TOLD;

use super::super::Socket;
use super::super::outlet::CREDIT;
use super::super::welcome::Hello;
use super::{End, Writer, unreadable};
use crate::hub::encode;
use crate::store::{OwnNews, Portion};

/// What one read of the store brings: about what goes out before the socket has drained.
const PORTION: Portion = Portion { items: SLOTS_TOLD, bytes: CREDIT };

/// Up to where a client has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct OwnCursor {
    /// `None`: what it has is of another time.
    version: Option<Seq>,
    pub(super) is_behind: bool,
}

impl OwnCursor {
    /// Where a hello says that it goes on from.
    pub(super) fn of(hello: &Hello, epoch: Epoch) -> Option<Self> {
        // Who comes for the first time has nothing to drop.
        let is_of_now = |own: &Seq| hello.epoch == Some(epoch) || *own == Seq::ZERO;
        hello.own.map(|own| Self { version: Some(own).filter(is_of_now), is_behind: true })
    }
}

impl<S: Socket> Writer<S> {
    /// Something changed, or may have.
    pub(super) fn own_changed(&mut self) {
        if let Some(own) = &mut self.own {
            own.is_behind = true;
        }
    }

    /// Tells some of what the client lacks; the first time also that it lacks nothing.
    pub(super) async fn advance_own(&mut self) -> Result<(), End> {
        let Some(OwnCursor { version: known, is_behind: true }) = self.own else { return Ok(()) };
        let news = self.app.store.own_after(self.me.id, known, PORTION).await;
        let OwnNews { slots, version, anew, more } = news.map_err(|error| unreadable(&error))?;
        self.own = Some(OwnCursor { version: Some(version), is_behind: more });
        let slots = List::first(slots);
        Ok(self.outlet.feed(encode(&ServerFrame::Own { slots, version, anew, more })).await?)
    }
}
