//! Somebody's name behind an `@`.

use leptos::prelude::*;
use shared::client::{Client, Part};
use shared::mention::{Whom, whom};

use crate::erased::{live, memo};
use crate::state::State;
use crate::views::naming::is_me;

/// Who is meant, as a chip, and what stands behind the name; plain text as long as nobody is known to be called so.
#[component]
pub(super) fn MentionChip(name: String) -> impl IntoView {
    let state = expect_context::<State>();
    let found = memo(move |_| state.read(Part::People, |client| found(client, &name)));
    live(move || {
        let (chip, is_me, rest) = found.get();
        (chip.map(|chip| view! { <span class="mention" class:is-me=is_me>{chip}</span> }), rest)
    })
}

/// What stands on the chip, whether the reader is meant, and the text behind it.
fn found(client: &Client, name: &str) -> (Option<String>, bool, String) {
    let Some((end, whom)) = whom(name, |name| client.person_named(name)) else {
        return (None, false, format!("@{name}"));
    };
    let (called, rest) = name.split_at(end);
    let (chip, is_me) = match whom {
        Whom::One(person) => (person.display.as_str(), is_me(client, person.id)),
        Whom::Everybody | Whom::Here => (called, true),
    };
    (Some(format!("@{chip}")), is_me, rest.to_owned())
}
