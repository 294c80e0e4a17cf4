//! Somebody's name behind an `@`.

use leptos::prelude::*;
use shared::client::{Client, Part};
use shared::markup::{Mentioned, resolve};

use crate::state::State;
use crate::views::naming::is_me;

/// Who is meant, as a chip, and what stands behind the name; plain text as long as nobody is known to be called so.
#[component]
pub(super) fn MentionChip(name: String) -> impl IntoView {
    let state = expect_context::<State>();
    let found = Memo::new(move |_| state.read(Part::People, |client| found(client, &name)));
    move || {
        let (chip, is_me, rest) = found.get();
        view! { <span class="mention" class:is-me=is_me>{chip}</span>{rest} }
    }
}

/// What stands on the chip, whether the reader is meant, and the text behind it.
fn found(client: &Client, name: &str) -> (Option<String>, bool, String) {
    match resolve(name, |name| client.person_named(name).is_some()) {
        Some((Mentioned::Person(who), end)) => {
            let person = client.person_named(&who);
            let is_me = person.is_some_and(|person| is_me(client, person.id));
            (person.map(|person| format!("@{}", person.display)), is_me, name[end..].to_owned())
        }
        Some((Mentioned::All | Mentioned::Here, end)) => {
            (Some(format!("@{}", &name[..end])), true, name[end..].to_owned())
        }
        None => (None, false, format!("@{name}")),
    }
}
