//! The planted faults of the task that writes. Only a build for the simulator has this file.

use shared::plant::{Plant, is_planted};

use super::super::Socket;
use super::super::outlet::Outlet;
use super::End;
use crate::hub::Framed;

/// Two hands that write to one socket get in each other's way.
pub(super) fn reordered(frames: impl IntoIterator<Item = Framed>) -> Vec<Framed> {
    let mut frames: Vec<_> = frames.into_iter().collect();
    if is_planted(Plant::TwoWriters) {
        frames.reverse();
    }
    frames
}

/// Whether the next frame is left out because the socket takes nothing at this moment; the connection may end instead.
pub(super) fn is_dropped<S: Socket>(outlet: &mut Outlet<S>) -> Result<bool, End> {
    if is_planted(Plant::CutWhenFull) && outlet.is_full() {
        return Err(End::Gone);
    }
    Ok(is_planted(Plant::FramesDropped) && outlet.is_full())
}
