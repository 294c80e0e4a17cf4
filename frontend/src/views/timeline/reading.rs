//! One person reading one conversation: where they land, what they have seen, and what counts as new to them.

use std::time::Duration;

use leptos::prelude::*;
use leptos::{ev, html};
use shared::client::{End, LIVE, Part, Room, Viewer};
use shared::id::{ConversationId, Seq};
use shared::timeline::Timeline;

use super::going::Going;
use super::observers::Observers;
use super::scroll::Scroll;
use crate::actions::Actions;
use crate::browser;
use crate::state::State;
/// Whoever reads so many entries above the end of a longer one has a window too, for it may let go of its oldest.
const FAR: usize = 600;

/// Lives as long as the open conversation.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) id: ConversationId,
    pub(super) viewer: Viewer,
    pub(super) state: State,
    pub(super) actions: Actions,
    /// Where one is about to go, and where one came from.
    pub(super) going: Going,
    /// Whether what is shown ends before the live end.
    pub(super) in_window: Memo<bool>,
    /// Whether one has come here past messages that were not seen: what is on the screen does not make those read.
    pub(super) leapt: StoredValue<bool>,
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
            client.room(id).filter(|room| room.unread() > 0 || !is_live).map(Room::read)
        };
        let viewer = state.viewer();
        let in_window = Memo::new(move |_| {
            state.read(Part::Conversation(id), |client| {
                client.room(id).is_some_and(|room| room.window(viewer).is_some())
            })
        });
        Self {
            id,
            viewer,
            state,
            actions: expect_context::<Actions>(),
            going: Going::new(),
            in_window,
            leapt: StoredValue::new(false),
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
        self.follow_the_address();
        let (id, state) = (self.id, self.state);
        let is_ready = Memo::new(move |_| {
            state.read(Part::Link, |_| ());
            let is_ready = |room: &Room| room.is_ready() && !room.is_loading();
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
            // Nobody looks through it any more.
            self.actions.leave_window(self.id);
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

    pub(super) fn land(self) {
        if self.landed.try_get_untracked() == Some(false) && !self.arrive() && !self.is_on_the_way() {
            self.with_scroll(Scroll::land);
            self.landed.set(true);
            self.report();
        }
    }

    fn settle(self) {
        if !self.arrive() && self.has_landed() {
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
            let unread = client.room(self.id).map_or(0, Room::unread);
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
            self.fresh_after.set(self.state.peek(|client| client.room(self.id).map(Room::read)));
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

    /// Says what was seen, if somebody is looking, and asks for what is older or newer, if its place is near.
    pub(super) fn report(self) {
        let in_window = self.in_window.get_untracked();
        let at_bottom = !in_window && self.with_scroll(|scroll| scroll.is_at_bottom()).unwrap_or(true);
        if self.at_bottom.get_untracked() != at_bottom {
            self.at_bottom.set(at_bottom);
        }
        if self.with_scroll(|scroll| scroll.is_near_top()) == Some(true) {
            self.want_older();
        }
        if in_window && self.with_scroll(|scroll| scroll.is_near_end()) == Some(true) {
            self.extend(End::Newer);
        }
        self.keep_a_piece();
        if browser::is_watched() {
            self.mark_read();
        }
    }

    fn mark_read(self) {
        let seen = self.with_scroll(|scroll| scroll.last_seen().map(|last| (scroll.first_seen(), last)));
        let Some((first, last)) = seen.flatten() else { return };
        let first = first.unwrap_or(last);
        let (is_new, has_skipped) = self.state.peek(|client| {
            let Some((room, me)) = client.room(self.id).zip(client.me()) else { return (false, true) };
            let shown = room.shown(self.viewer);
            // What lies between the marker and what is here may hold anything.
            let is_whole = room.read().next() >= shown.floor();
            let next = shown.after(room.read()).find(|entry| entry.counts_for(me.id));
            let has_skipped = !is_whole || next.is_some_and(|next| next.seq < first);
            (room.read() < last, has_skipped)
        });
        if self.leapt.get_value() && has_skipped {
            return;
        }
        self.leapt.set_value(false);
        if is_new {
            self.actions.mark_read(self.id, last);
        }
    }

    fn want_older(self) {
        let (in_window, has_older, is_long, floor) = self.state.peek(|client| {
            let Some(room) = client.room(self.id) else { return (false, false, false, Seq::ZERO) };
            let shown = room.shown(self.viewer);
            let in_window = room.window(self.viewer).is_some();
            let has_older = !shown.reaches_the_beginning() && (in_window || !room.is_loading());
            (in_window, has_older, shown.len() >= LIVE, shown.floor())
        });
        match (in_window, is_long) {
            _ if !has_older => {}
            (false, false) => self.actions.load_older(self.id),
            (false, true) => self.actions.detach(self.id, floor),
            (true, _) => self.extend(End::Older),
        }
    }

    fn extend(self, end: End) {
        let is_asking = |client: &shared::client::Client| {
            client.room(self.id).is_none_or(|room| room.is_extending(self.viewer))
        };
        if !self.state.peek(is_asking) {
            self.actions.extend(end);
        }
    }

    /// Whoever reads far above the end of a long timeline keeps a piece of their own.
    fn keep_a_piece(self) {
        let is_long = |timeline: &Timeline| timeline.len() > LIVE;
        let is_far = |client: &shared::client::Client, first: Seq| {
            client.room(self.id).is_some_and(|room| {
                room.window(self.viewer).is_none()
                    && is_long(room.timeline())
                    && room.timeline().after(first).nth(FAR).is_some()
            })
        };
        if let Some(first) = self.with_scroll(|scroll| scroll.first_seen()).flatten()
            && self.state.peek(|client| is_far(client, first))
        {
            self.actions.detach(self.id, first);
        }
    }

    pub(super) fn has_landed(self) -> bool {
        self.landed.try_get_untracked() == Some(true)
    }

    pub(super) fn with_scroll<R>(self, act: impl FnOnce(&mut Scroll) -> R) -> Option<R> {
        let is_live = self.in_window.try_get_untracked() != Some(true);
        let act = |scroll: &mut Scroll| {
            scroll.is_live = is_live;
            act(scroll)
        };
        self.scroll.try_update_value(|scroll| scroll.as_mut().map(act)).flatten()
    }
}
