//! What is typed in a field, told to this person's other devices when they pause, and what those say of it.

use std::time::Duration;

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use shared::client::{Client, Desk, Part};

use crate::actions::Actions;
use crate::drafts;
use crate::locales::use_words;
use crate::state::{Session, State};
use crate::ui::Icon;

/// Who pauses for so long may go on elsewhere.
const PAUSE: Duration = Duration::from_secs(1);

/// A field for a text that all devices of a person share. The field is written to only while nobody has touched it
/// since it was last in step, and never while an input method composes.
#[derive(Clone, Copy)]
pub struct Field {
    desk: Desk,
    node: NodeRef<html::Textarea>,
    state: State,
    actions: Actions,
    kept: StoredValue<Kept>,
    /// Whether the field holds another text now.
    is_away: Callback<(), bool>,
    on_write: Callback<(String,)>,
}

#[derive(Default)]
struct Kept {
    /// What stands in the field.
    text: String,
    /// What the core was last told, or told of.
    known: String,
    /// What the core had before it was told: in a page that follows, that takes a moment.
    before: Option<String>,
    pause: Option<TimeoutHandle>,
    is_composing: bool,
}

/// Shares what is typed in this field, but while `is_away` says that it holds another text; `on_write` hears what others
/// write into it, and what it begins with.
pub fn use_draft(
    desk: Desk,
    node: NodeRef<html::Textarea>,
    is_away: impl Fn() -> bool + Send + Sync + 'static,
    on_write: impl Fn(&str) + Send + Sync + 'static,
) -> Field {
    let (state, actions) = (expect_context::<State>(), expect_context::<Actions>());
    let on_write = Callback::new(move |(text,): (String,)| on_write(&text));
    let is_away = Callback::new(move |()| is_away());
    let field = Field { desk, node, state, actions, kept: StoredValue::default(), is_away, on_write };
    field.begin();
    Effect::new(move |_| {
        state.read(Part::Own, |_| ());
        field.follow();
    });
    let hidden = window_event_listener(ev::visibilitychange, move |_| field.tell());
    let closed = window_event_listener(ev::pagehide, move |_| field.tell());
    on_cleanup(move || {
        hidden.remove();
        closed.remove();
        field.tell();
    });
    field
}

impl Field {
    /// What stands in it.
    pub fn text(self) -> String {
        self.kept.with_value(|kept| kept.text.clone())
    }

    /// The person typed.
    pub fn typed(self, text: String) {
        drafts::keep(self.desk, &text);
        let pause = set_timeout_with_handle(move || self.tell(), PAUSE).ok();
        self.kept.update_value(|kept| {
            kept.text = text;
            if let Some(earlier) = std::mem::replace(&mut kept.pause, pause) {
                earlier.clear();
            }
        });
    }

    /// What stood in it was sent. What this browser keeps of it goes when the message is on disk, not before.
    pub fn sent(self) {
        self.kept.update_value(|kept| kept.text.clear());
        self.tell();
    }

    /// An input method begins to compose, or has done so.
    pub fn composes(self, is_composing: bool) {
        self.kept.update_value(|kept| kept.is_composing = is_composing);
        self.follow();
    }

    /// What another device has is taken in the place of this.
    fn take_theirs(self) {
        self.tell();
        self.actions.take_draft(self.desk);
    }

    fn core(self) -> Option<String> {
        self.state.peek(|client| client.draft(self.desk).map(|(text, _)| text.to_owned()))
    }

    fn begin(self) {
        let (typed, known, core) = (drafts::typed(self.desk), drafts::known(self.desk), self.core());
        let told_here = drafts::was_told_here(self.desk);
        let (text, known) = match core {
            // Told by a page that is no more, and maybe died with it: it is told anew, and what the core has is offered.
            Some(core) if typed == known && typed != core && !typed.is_empty() && !told_here => {
                (typed, String::new())
            }
            Some(core) if typed.is_empty() || typed == known => (core.clone(), core),
            // Typed, and nobody heard of it: the page was closed too soon.
            Some(_) => (typed, known),
            None => (typed, String::new()),
        };
        self.on_write.run((text.clone(),));
        self.kept.update_value(|kept| (kept.text, kept.known) = (text, known));
        self.tell();
    }

    /// Tells the core what stands in the field, if that is news.
    fn tell(self) {
        // Whoever is no longer signed in tells nobody; what was typed stays in this browser until they are.
        if self.state.session_untracked() != Session::SignedIn {
            return;
        }
        let before = self.core().unwrap_or_default();
        let told = self.kept.try_update_value(|kept| {
            if let Some(pause) = kept.pause.take() {
                pause.clear();
            }
            if kept.text == kept.known {
                return None;
            }
            kept.before = Some(before);
            let was = std::mem::replace(&mut kept.known, kept.text.clone());
            Some((was, kept.text.clone()))
        });
        if let Some((was, text)) = told.flatten() {
            drafts::keep_known(self.desk, &text);
            self.actions.draft(self.desk, was, text);
        }
    }

    /// Shows what the core has, where that is newer than what stands in the field.
    fn follow(self) {
        let Some(core) = self.core().filter(|_| !self.is_away.run(())) else { return };
        let is_newer = self.kept.try_update_value(|kept| {
            if core == kept.known {
                kept.before = None;
            }
            let is_untouched = kept.text == kept.known && !kept.is_composing;
            core != kept.known && kept.before.as_ref() != Some(&core) && is_untouched
        });
        let Some(field) = self.node.get_untracked().filter(|_| is_newer == Some(true)) else { return };
        field.set_value(&core);
        drafts::keep(self.desk, &core);
        drafts::keep_known(self.desk, &core);
        self.on_write.run((core.clone(),));
        self.kept.update_value(|kept| {
            (kept.text, kept.known, kept.before) = (core.clone(), core, None);
        });
    }
}

/// Another device has written something else: it is offered, and nothing is lost.
#[component]
pub fn DraftStrip(draft: Field) -> impl IntoView {
    let words = use_words();
    let Field { desk, state, actions, node, .. } = draft;
    let theirs = Memo::new(move |_| {
        let read =
            |client: &Client| client.draft_elsewhere(desk).map(|text| text.chars().take(200).collect());
        state.read(Part::Own, read).unwrap_or_else(String::new)
    });
    let settle = move |takes_theirs: bool| {
        if takes_theirs {
            draft.take_theirs();
        } else {
            actions.keep_draft(desk);
        }
        if let Some(field) = node.get_untracked() {
            // Without focus one can still click into it.
            let _ = field.focus();
        }
    };
    view! {
        <div role="status">
            <Show when=move || !theirs.read().is_empty()>
                <div class="draft-strip">
                    <Icon name="write" small=true/>
                    <p>
                        <strong>{move || words().composer.draft_elsewhere}</strong>
                        <span class="clip">{theirs}</span>
                    </p>
                    <button type="button" class="link-btn" on:click=move |_| settle(true)>
                        {move || words().composer.draft_take}
                    </button>
                    <button type="button" class="link-btn" on:click=move |_| settle(false)>
                        {move || words().composer.draft_keep}
                    </button>
                </div>
            </Show>
        </div>
    }
}
