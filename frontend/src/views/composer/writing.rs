//! What is being written: the field, and what besides its text is known of it.

use leptos::html;
use leptos::prelude::*;
use shared::id::ConversationId;
use shared::text::{Body, TextError};
use web_sys::HtmlTextAreaElement;

use super::draft::{Field, use_draft};

/// What the parts of the composer share. Cheap to copy; lives as long as the composer.
#[derive(Clone, Copy)]
pub struct Writing {
    /// Where it is going.
    pub id: ConversationId,
    /// The field. Its text is the browser's: nothing writes it while an input method composes.
    pub node: NodeRef<html::Textarea>,
    /// What besides the text itself is known of it.
    pub typed: RwSignal<Typed>,
    /// What this person's other devices are told of it, and tell.
    pub draft: Field,
}

/// How long a text is, and whether there is anything to send.
#[derive(Clone, Copy, Default, PartialEq)]
pub struct Typed {
    pub chars: usize,
    pub is_blank: bool,
    /// Sending was refused because too many messages wait.
    pub is_full: bool,
}

impl Typed {
    /// Of a text that was not refused.
    pub fn of(text: &str) -> Self {
        let is_blank = matches!(Body::try_from(text), Err(TextError::Empty));
        Self { chars: text.chars().count(), is_blank, is_full: false }
    }
}

impl Writing {
    pub fn new(id: ConversationId, node: NodeRef<html::Textarea>) -> Self {
        let typed = RwSignal::new(Typed::default());
        let draft = use_draft((id, None), node, move |text| typed.set(Typed::of(text)));
        Self { id, node, typed, draft }
    }

    /// The field, once it is on the page.
    pub fn field(&self) -> Option<HtmlTextAreaElement> {
        self.node.get_untracked()
    }

    /// Something was typed: it is kept, and counted.
    pub fn changed(&self) {
        if let Some(field) = self.field() {
            let text = field.value();
            self.typed.set(Typed::of(&text));
            self.draft.typed(text);
        }
    }
}
