//! Avatars: people are round, groups and channels are squares; the hue is made from the id.

use js_sys::JsString;
use leptos::prelude::*;
use shared::case::lower;
use shared::id::{ConversationId, UserId};
use shared::model::Kind;

use super::Icon;

/// What an avatar shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    hue: u16,
    shape: &'static str,
    sign: Sign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Sign {
    Letters(String),
    Icon(&'static str),
}

impl Face {
    /// A person's.
    pub fn person(id: UserId, name: &str) -> Self {
        Self { hue: hue(id.get()), shape: "", sign: Sign::Letters(initials(name)) }
    }

    /// That of a place for notes to oneself.
    pub fn notes(id: UserId) -> Self {
        Self { hue: hue(id.get()), shape: "", sign: Sign::Icon("note") }
    }

    /// A group's or channel's.
    pub fn conversation(id: ConversationId, kind: Kind, title: &str) -> Self {
        // Half a circle away, so that the first group and the first person do not look alike.
        let hue = hue(id.get().wrapping_add(7));
        match kind {
            Kind::Channel => Self { hue, shape: "is-channel", sign: Sign::Icon("hash") },
            _ => Self { hue, shape: "is-group", sign: Sign::Letters(initials(title)) },
        }
    }

    /// The hue, in degrees, for what else is drawn in this one's colour.
    pub const fn hue(&self) -> u16 {
        self.hue
    }
}

/// One avatar. Size is one of the classes of avatar.css, or nothing for 44 px.
#[component]
pub fn Avatar(face: Face, #[prop(optional)] size: &'static str) -> impl IntoView {
    let sign = match face.sign {
        Sign::Letters(letters) => letters.into_any(),
        Sign::Icon(name) => view! { <Icon name/> }.into_any(),
    };
    view! {
        <span class=format!("avatar {} {size}", face.shape) style=("--h", face.hue.to_string()) aria-hidden="true">
            {sign}
        </span>
    }
}

/// Neighbouring ids are far apart on the circle: each turns on by the golden angle.
fn hue(id: u64) -> u16 {
    u16::try_from((id % 360) * 137 % 360).unwrap_or(0)
}

/// One character of a script that writes words in one, else two letters.
fn initials(name: &str) -> String {
    let mut letters = name.chars().filter(|c| c.is_alphanumeric());
    match letters.next() {
        Some(first) if first < '\u{2e80}' => {
            let second = letters.next().filter(|second| *second < '\u{2e80}');
            // The browser's own tables weigh nothing.
            let first: String = JsString::from(first.to_string()).to_upper_case().into();
            first + &second.map(|second| lower(&second.to_string())).unwrap_or_default()
        }
        Some(first) => first.to_string(),
        None => name.chars().next().map(String::from).unwrap_or_default(),
    }
}
