//! What the page that leads writes to storage, and takes up from it: deeds on their way, and history.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::client::{Client, Input, Part};
use shared::frame::Deed;
use shared::id::ClientId;
use shared::link::{State as Link, Stop};
use shared::outbox::{self, Pending};
use shared::text::Line;

use super::Net;
use crate::keeper::Keeper;
use crate::storage::Refused;
use crate::{aside, drafts};

/// How long what changed waits until it is kept: much changes in the same moment.
const KEEP_AFTER: Duration = Duration::from_millis(500);

impl Net {
    /// Takes up what storage holds; it is told in any case, for what persons do waits for it.
    pub(super) fn load(&self) {
        let net = self.clone();
        let (storage, number) = {
            let mut inner = self.inner.borrow_mut();
            inner.load += 1;
            (inner.storage.clone(), inner.load)
        };
        spawn_local(async move {
            let stored = match &storage {
                Some(storage) => storage.load().await,
                None => Err(Refused),
            };
            if net.inner.borrow().load != number {
                return;
            }
            if stored.is_err() {
                net.state.set_storage_ok(false);
            }
            let stored = stored.unwrap_or_default();
            net.inner.borrow_mut().keeper = Keeper::of(&stored);
            stored.pending.iter().for_each(sent_draft_is_kept);
            net.tell(Input::Restored(Box::new(stored)));
            if net.state.peek(Client::link_state) == Link::Stopped(Stop::NotStarted) {
                net.tell(Input::Start);
            }
        });
    }

    /// What changed is kept, with what changes in the same moment.
    pub(super) fn keep_soon(&self, part: Part) {
        let mut inner = self.inner.borrow_mut();
        match part {
            Part::People => inner.keeper.people_changed(),
            Part::Own => inner.keeper.own_changed(),
            _ => {}
        }
        if part == Part::Link || inner.is_keeping || inner.storage.is_none() || !self.state.leads() {
            return;
        }
        inner.is_keeping = true;
        let net = self.clone();
        set_timeout(move || net.keep_history(), KEEP_AFTER);
    }

    fn keep_history(&self) {
        let mut inner = self.inner.borrow_mut();
        inner.is_keeping = false;
        let Some(storage) = inner.storage.clone().filter(|_| self.state.leads()) else { return };
        let changes = self.state.peek(|client| inner.keeper.changes(client));
        let wanted = self.state.peek(|client| inner.keeper.wants(client));
        drop(inner);
        if let Some(changes) = changes {
            let net = self.clone();
            spawn_local(async move {
                if storage.change(changes).await.is_err() {
                    net.inner.borrow_mut().keeper = Keeper::default();
                }
            });
        }
        if let Some(id) = wanted {
            self.tell(Input::Open(id));
        }
    }

    pub(super) fn keep(&self, pending: Pending) {
        let net = self.clone();
        let storage = self.inner.borrow().storage.clone();
        spawn_local(async move {
            let kept = match &storage {
                Some(storage) => storage.keep(&pending).await.is_ok(),
                None => false,
            };
            // What cannot be kept is sent all the same, and the person is told that it lives in this page only.
            net.state.set_storage_ok(kept);
            if kept {
                sent_draft_is_kept(&pending);
            }
            if pending.state == outbox::State::Writing {
                net.tell(Input::Stored(pending.client_id));
            }
        });
    }

    pub(super) fn forget(&self, client_id: ClientId) {
        if let Some(storage) = self.inner.borrow().storage.clone() {
            // A deed that stays behind is sent again after a reload, and answered with its first place.
            spawn_local(async move {
                let _ = storage.forget(client_id).await;
            });
        }
    }
}

/// What was typed is forgotten only now that the deed itself is on disk; what was typed since stays.
fn sent_draft_is_kept(pending: &Pending) {
    match &pending.deed {
        Deed::Post { conversation, thread, body, .. } | Deed::Schedule { conversation, thread, body, .. }
            if drafts::typed((*conversation, *thread)) == body.as_str() =>
        {
            drafts::keep((*conversation, *thread), "");
        }
        Deed::AddLine { conversation, target, text }
            if Line::try_from(aside::line(*conversation, *target)).is_ok_and(|line| line == *text) =>
        {
            aside::keep_line(*conversation, *target, "");
        }
        _ => {}
    }
}
