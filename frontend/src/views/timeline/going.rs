//! Going to a place of a conversation, and back to where one was.

use std::time::Duration;

use leptos::prelude::*;
use shared::client::Part;
use shared::id::Seq;
use shared::model::What;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::reading::Reading;
use super::scroll::seq_of;
use crate::browser;
use crate::place::{Place, use_place};
use crate::views::Jump;

/// So many ways back are remembered.
const REMEMBERED: usize = 50;
/// A message one went to stands out for so long.
const SHOWN: Duration = Duration::from_secs(2);
/// After so long without an answer one reads what is here.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where one is about to go, and where one came from.
#[derive(Clone, Copy)]
pub(super) struct Going {
    jump: Jump,
    /// The message that the address bar names.
    target: Memo<Option<Seq>>,
    aim: StoredValue<Option<Aim>>,
    /// Where one was before each jump, the last one last.
    origins: RwSignal<Vec<Origin>>,
}

/// Where one goes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Aim {
    /// To a message, which is to be seen.
    Message(Seq),
    /// Back to a message, whose lower edge stood so many pixels below the top; from another one that one went.
    Back(Seq, f64, Option<Seq>),
    /// To the newest, maybe back to a message there.
    End(Option<Seq>),
}

/// Where one was.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Origin {
    /// What the address bar said.
    target: Option<Seq>,
    /// What was in sight; nothing for one who stood at the live end.
    place: Option<(Seq, f64)>,
    /// The message in which one followed something.
    from: Option<Seq>,
}

impl Going {
    pub(super) fn new() -> Self {
        let place = use_place();
        Self {
            jump: expect_context::<Jump>(),
            target: Memo::new(move |_| place.read().message),
            aim: StoredValue::new(None),
            origins: RwSignal::new(Vec::new()),
        }
    }
}

impl Reading {
    /// Goes where the address bar says, whoever changes it.
    pub(super) fn follow_the_address(self) {
        let Going { jump, target, aim, .. } = self.going;
        if let Some(seq) = target.get_untracked() {
            self.go(Aim::Message(seq));
        }
        Effect::new(move |before: Option<(Option<Seq>, u32)>| {
            let now = (target.get(), jump.count());
            if let Some(before) = before.filter(|before| *before != now) {
                self.moved(before, now);
            }
            now
        });
        Effect::new(move |_| {
            self.state.read(Part::Conversation(self.id), |_| ());
            if aim.get_value().is_some() {
                // By then all rows are in the page.
                let arrive = move || {
                    self.arrive();
                };
                set_timeout(arrive, Duration::ZERO);
            }
        });
        let composed = Memo::new(move |_| {
            self.state.read(Part::Conversation(self.id), |client| {
                let last =
                    client.outbox().of(self.id).filter(|pending| pending.deed.target().is_none()).last();
                last.map(|pending| pending.client_id)
            })
        });
        Effect::new(move |before: Option<Option<_>>| {
            let now = composed.get();
            // Whoever speaks sees it.
            let has_spoken = before.is_some_and(|before| before < now) && browser::is_watched();
            if has_spoken && self.in_window.get_untracked() {
                self.to_newest();
            } else if has_spoken {
                // They stand at the end now, and have done with what is above.
                self.leapt.set_value(false);
                self.report();
            }
            now
        });
    }

    /// The person wants to see the newest.
    pub(super) fn to_newest(self) {
        self.going.origins.update(Vec::clear);
        if self.going.target.get_untracked().is_some() {
            // The address bar is followed.
            let here = Place::of(&self.state.route.path().read_untracked());
            self.state.route.replace(&Place { message: None, ..here }.link());
        } else {
            self.go(Aim::End(None));
        }
    }

    /// Whether there is a way back to where one was.
    pub(super) fn has_origin(self) -> bool {
        !self.going.origins.read().is_empty()
    }

    fn moved(self, before: (Option<Seq>, u32), now: (Option<Seq>, u32)) {
        let origins = self.going.origins;
        let origin = origins.read_untracked().last().copied();
        match (origin.filter(|origin| origin.target == now.0 && before.1 == now.1), now.0) {
            (Some(origin), _) => {
                origins.update(|origins| origins.truncate(origins.len().saturating_sub(1)));
                let Origin { place, from, .. } = origin;
                self.go(place.map_or(Aim::End(from), |(seq, bottom)| Aim::Back(seq, bottom, from)));
            }
            (None, Some(seq)) => {
                let place = self.with_scroll(|scroll| if scroll.sticks() { None } else { scroll.place() });
                let at = document().active_element().and_then(|at| at.closest(".msg").ok()?);
                let from = at.and_then(|row| seq_of(&row));
                let origin = Origin { target: before.0, place: place.flatten(), from };
                // A second jump within the same place of the address bar leaves no step of history behind.
                if before.0 != now.0 {
                    origins.update(|origins| {
                        origins.push(origin);
                        let surplus = origins.len().saturating_sub(REMEMBERED);
                        origins.drain(..surplus);
                    });
                }
                self.go(Aim::Message(seq));
            }
            (None, None) => self.go(Aim::End(None)),
        }
    }

    fn go(self, aim: Aim) {
        self.going.aim.set_value(Some(aim));
        match aim {
            Aim::Message(seq) | Aim::Back(seq, ..) => {
                self.leapt.set_value(true);
                self.actions.go_to(self.id, seq);
            }
            Aim::End(_) => {
                // Who asks for the newest has done with what is above.
                self.leapt.set_value(false);
                self.actions.leave_window(self.id);
            }
        }
        let is_it = move || self.going.aim.try_get_value().flatten() == Some(aim);
        let give_up = move || {
            if is_it() {
                self.going.aim.set_value(None);
                self.actions.leave_window(self.id);
                if self.state.peek(|client| client.room(self.id).is_some_and(shared::client::Room::is_ready))
                {
                    self.land();
                }
            }
        };
        set_timeout(give_up, PATIENCE);
        self.arrive();
    }

    /// Whether the place where one goes is still to come, and may come.
    pub(super) fn is_on_the_way(self) -> bool {
        self.going.aim.try_get_value().flatten().is_some()
            && self.state.peek(|client| client.link_state().is_live())
    }

    /// Goes where one is about to go, if that is in the page by now.
    pub(super) fn arrive(self) -> bool {
        let Some(aim) = self.going.aim.try_get_value().flatten() else { return false };
        let is_here = self.state.peek(|client| {
            client.room(self.id).is_some_and(|room| match aim {
                Aim::Message(seq) | Aim::Back(seq, ..) => {
                    !room.is_going(self.viewer) && room.shown(self.viewer).holds(seq)
                }
                Aim::End(_) => room.window(self.viewer).is_none() && room.is_ready(),
            })
        });
        if !is_here || !self.shows_what_is_here() {
            return false;
        }
        self.going.aim.set_value(None);
        self.landed.set(true);
        self.with_scroll(|scroll| {
            let lit = match aim {
                Aim::Message(seq) => Some(seq),
                Aim::Back(_, _, from) | Aim::End(from) => from,
            };
            // First the focus, which may scroll.
            if let Some(row) = lit.and_then(|seq| scroll.row_at(seq)) {
                light(&row);
            }
            match aim {
                Aim::Message(seq) => scroll.go(seq, None),
                Aim::Back(seq, bottom, _) => scroll.go(seq, Some(bottom)),
                Aim::End(_) => scroll.jump(),
            }
        });
        self.report();
        true
    }

    /// Whether the rows in the page are those of what is shown now.
    fn shows_what_is_here(self) -> bool {
        let newest = self.state.peek(|client| {
            let room = client.room(self.id)?;
            let mut entries = room.shown(self.viewer).entries();
            entries.rfind(|entry| matches!(entry.what, What::Posted(_))).map(|newest| newest.seq)
        });
        newest.is_none_or(|newest| self.with_scroll(|scroll| scroll.has(newest)) == Some(true))
    }
}

/// Back to where one was before the last jump; the address bar is followed.
pub(super) fn back() {
    // Nothing happens in a page without history, and then there was no jump either.
    let _ = window().history().and_then(|history| history.back());
}

/// A row stands out for a moment, and has the focus.
fn light(row: &Element) {
    let list = row.class_list();
    // A name of a class without space in it is taken.
    let _ = list.add_1("is-lit");
    set_timeout(move || drop(list.remove_1("is-lit")), SHOWN);
    if let Some(row) = row.dyn_ref::<HtmlElement>() {
        // Where it cannot have the focus it is still in sight.
        let _ = row.focus();
    }
}
