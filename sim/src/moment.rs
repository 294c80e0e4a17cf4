//! What must hold of the moment: typing ends by itself, and nobody is said to have come further than they have.

use std::collections::BTreeMap;

use backend::store::Disk;
use shared::client::{Client, TYPING_SHOWN};
use shared::frame::ServerFrame;
use shared::id::{ConversationId, Timestamp, UserId};
use shared::receipt::Mark;

use crate::event::PipeId;
use crate::oracle::{Broken, ensure};
use crate::truth;

/// What was told of the moment.
#[derive(Default)]
pub(crate) struct Moment {
    /// When each device last heard of somebody's typing.
    typed: BTreeMap<(usize, ConversationId, UserId), u64>,
    /// How far each connection was told that somebody is.
    told: BTreeMap<(PipeId, ConversationId, UserId), Mark>,
}

impl Moment {
    /// A frame is about to be taken by a page of a device, over a connection.
    pub(crate) fn heard(
        &mut self,
        now: u64,
        device: usize,
        pipe: PipeId,
        frame: &ServerFrame,
        disk: &Disk,
    ) -> Result<(), Broken> {
        match frame {
            ServerFrame::Typing { conversation, user } => {
                self.typed.insert((device, *conversation, *user), now);
                ensure(truth::mark(disk, *conversation, *user)?.is_some(), || {
                    format!("I8: {user} types in conversation {conversation}, where they never were")
                })
            }
            ServerFrame::Receipts { conversation, marks, .. } => {
                marks.iter().try_for_each(|mark| self.marked(pipe, *conversation, *mark, disk))
            }
            _ => Ok(()),
        }
    }

    fn marked(
        &mut self,
        pipe: PipeId,
        conversation: ConversationId,
        mark: Mark,
        disk: &Disk,
    ) -> Result<(), Broken> {
        is_true(disk, conversation, mark)?;
        let before = self.told.insert((pipe, conversation, mark.user), mark).unwrap_or(mark);
        ensure(before.max(mark) == mark, || {
            format!("I10: connection {pipe} tells {mark:?} in conversation {conversation} after {before:?}")
        })
    }

    /// Whether what a page shows of the moment is so; `clock` is what its device takes the time for. A page that has not
    /// heard yet that a backup was put back (`is_now` is false) shows what was so before.
    pub(crate) fn agrees(
        &self,
        now: u64,
        device: usize,
        (clock, is_now): (Timestamp, bool),
        client: &Client,
        disk: &Disk,
    ) -> Result<(), Broken> {
        for room in client.list() {
            let conversation = room.summary().id;
            for user in client.typists(conversation, clock) {
                let heard = self.typed.get(&(device, conversation, user)).copied();
                ensure(heard.is_some_and(|heard| now < heard + TYPING_SHOWN), || {
                    format!(
                        "I13: {user} is shown to type in conversation {conversation} at {now}, heard {heard:?}"
                    )
                })?;
            }
            if is_now {
                room.marks().try_for_each(|mark| is_true(disk, conversation, *mark))?;
            }
        }
        Ok(())
    }
}

fn is_true(disk: &Disk, conversation: ConversationId, mark: Mark) -> Result<(), Broken> {
    let truth = truth::mark(disk, conversation, mark.user)?;
    ensure(truth.is_some_and(|truth| truth.max(mark) == truth), || {
        format!("I10: {mark:?} in conversation {conversation} lies ahead of {truth:?}")
    })
}
