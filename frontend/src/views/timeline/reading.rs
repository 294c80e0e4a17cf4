//! One person reading one conversation: where they land, what they have seen, and what counts as new to them.

use std::time::Duration;

use leptos::prelude::*;
use leptos::{ev, html};
use shared::client::Part;
use shared::id::{ConversationId, Seq};

use super::observers::Observers;
use super::scroll::Scroll;
use crate::actions::Actions;
use crate::browser;
use crate::state::State;

/// Lives as long as the open conversation.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    id: ConversationId,
    state: State,
    actions: Actions,
    /// After which place the divider stands. It stays put while one reads, and is set anew when one looks away.
    pub(super) fresh_after: RwSignal<Option<Seq>>,
    /// Whether the view has gone to where reading starts; before, it is not shown.
    pub(super) landed: RwSignal<bool>,
    /// Whether the newest message is on the screen.
    pub(super) at_bottom: RwSignal<bool>,
    /// Whether there was no connection since the end of the log was last seen here: what was missed is still to come,
    /// and nobody has watched it come.
    behind: StoredValue<bool>,
    scroll: StoredValue<Option<Scroll>, LocalStorage>,
    observers: StoredValue<Option<Observers>, LocalStorage>,
}

impl Reading {
    pub(super) fn new(id: ConversationId) -> Self {
        let state = expect_context::<State>();
        let is_live = state.peek(|client| client.link_state().is_live());
        let unread_after = |client: &shared::client::Client| {
            client.room(id).filter(|room| room.unread() > 0 || !is_live).map(shared::client::Room::read)
        };
        Self {
            id,
            state,
            actions: expect_context::<Actions>(),
            fresh_after: RwSignal::new(state.peek(unread_after)),
            landed: RwSignal::new(false),
            at_bottom: RwSignal::new(true),
            behind: StoredValue::new(!is_live),
            scroll: StoredValue::new_local(None),
            observers: StoredValue::new_local(None),
        }
    }

    /// Watches the view, once it is in the page.
    pub(super) fn follow(self, view: NodeRef<html::Div>, content: NodeRef<html::Div>) {
        Effect::new(move |_| {
            let (Some(view), Some(content)) = (view.get(), content.get()) else { return };
            let observers = Observers::new(&view, &content, move || self.settle());
            self.scroll.set_value(Some(Scroll::new(view.into())));
            self.observers.set_value(Some(observers));
        });
        let (id, state) = (self.id, self.state);
        let is_ready = Memo::new(move |_| {
            state.read(Part::Link, |_| ());
            let is_ready = |room: &shared::client::Room| room.is_ready() && !room.is_loading();
            state.read(Part::Conversation(id), |client| client.room(id).is_some_and(is_ready))
        });
        Effect::new(move |_| {
            if is_ready.get() {
                // By then all rows are in the page.
                set_timeout(move || self.land(), Duration::ZERO);
            }
        });
        Effect::new(move |_| {
            state.read(Part::Link, |_| ());
            state.read(Part::Conversation(id), |_| ());
            self.connection_changed();
        });
        let away = window_event_listener(ev::blur, move |_| self.looked_away());
        let back = window_event_listener(ev::focus, move |_| self.came_back());
        let seen = window_event_listener(ev::visibilitychange, move |_| {
            if browser::is_watched() { self.came_back() } else { self.looked_away() }
        });
        on_cleanup(move || {
            away.remove();
            back.remove();
            seen.remove();
        });
    }

    /// The person scrolled, or the view did.
    pub(super) fn scrolled(self) {
        if self.has_landed() {
            let is_watched = browser::is_watched() && !self.behind.get_value();
            self.with_scroll(|scroll| scroll.scrolled(is_watched));
            self.report();
        }
    }

    /// The person wants to see the newest.
    pub(super) fn jump(self) {
        self.with_scroll(Scroll::jump);
        self.report();
    }

    fn land(self) {
        if self.landed.try_get_untracked() == Some(false) {
            self.with_scroll(Scroll::land);
            self.landed.set(true);
            self.report();
        }
    }

    fn settle(self) {
        if self.has_landed() {
            let is_watched = browser::is_watched() && !self.behind.get_value();
            self.with_scroll(|scroll| scroll.settle(is_watched));
            if self.behind.get_value() && self.has_caught_up() {
                self.behind.set_value(false);
                self.with_scroll(Scroll::look);
            }
            self.report();
        }
    }

    /// Without a connection nobody sees what comes: it is new to them once it is here.
    fn connection_changed(self) {
        let (is_live, unread) = self.state.peek(|client| {
            let unread = client.room(self.id).map_or(0, shared::client::Room::unread);
            (client.link_state().is_live(), unread)
        });
        if !is_live && !self.behind.get_value() {
            self.behind.set_value(true);
            self.looked_away();
        } else if self.behind.get_value() && unread == 0 && self.has_caught_up() {
            self.behind.set_value(false);
            self.fresh_after.set(None);
        }
    }

    /// Whether all that the server has of the log's end is here.
    fn has_caught_up(self) -> bool {
        self.state.peek(|client| {
            client.link_state().is_live()
                && client.room(self.id).is_none_or(|room| room.timeline().cursor() >= room.summary().head)
        })
    }

    /// What comes from now on is new when the person comes back.
    fn looked_away(self) {
        if self.has_landed() {
            self.fresh_after
                .set(self.state.peek(|client| client.room(self.id).map(shared::client::Room::read)));
        }
    }

    fn came_back(self) {
        if !self.has_landed() {
            return;
        }
        let nothing_new =
            self.state.peek(|client| client.room(self.id).is_none_or(|room| room.unread() == 0));
        if nothing_new {
            self.fresh_after.set(None);
        }
        self.report();
    }

    /// Says what was seen, if somebody is looking, and asks for what is older, if its place is near.
    fn report(self) {
        let at_bottom = self.with_scroll(|scroll| scroll.is_at_bottom()).unwrap_or(true);
        if self.at_bottom.get_untracked() != at_bottom {
            self.at_bottom.set(at_bottom);
        }
        if self.with_scroll(|scroll| scroll.is_near_top()) == Some(true) && self.has_older() {
            self.actions.load_older(self.id);
        }
        if browser::is_watched()
            && let Some(seq) = self.with_scroll(|scroll| scroll.last_seen()).flatten()
            && self.state.peek(|client| client.room(self.id).is_some_and(|room| room.read() < seq))
        {
            self.actions.mark_read(self.id, seq);
        }
    }

    fn has_older(self) -> bool {
        self.state.peek(|client| {
            client
                .room(self.id)
                .is_some_and(|room| !room.is_loading() && !room.timeline().reaches_the_beginning())
        })
    }

    fn has_landed(self) -> bool {
        self.landed.try_get_untracked() == Some(true)
    }

    fn with_scroll<R>(self, act: impl FnOnce(&mut Scroll) -> R) -> Option<R> {
        self.scroll.try_update_value(|scroll| scroll.as_mut().map(act)).flatten()
    }
}
