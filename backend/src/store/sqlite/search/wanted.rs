//! What is looked for, in the words of FTS5.

use shared::id::ConversationId;
use shared::tokens::{Phrase, phrases};

use super::index::{FILE, LINK, by, in_conversation};
use crate::store::Search;

/// The query for the index: all that is wanted, and one of these conversations. `None` if nothing is wanted.
pub(super) fn expression(search: &Search, among: &[ConversationId]) -> Option<String> {
    let mut wanted: Vec<String> = phrases(&search.words).iter().map(phrase).collect();
    if wanted.is_empty() && !search.words.trim().is_empty() {
        // Signs alone say nothing that could be found, and nothing is not everything.
        return None;
    }
    wanted.extend(search.author.map(|author| quoted(&by(author))));
    wanted.extend(search.has_link.then(|| quoted(LINK)));
    wanted.extend(search.has_file.then(|| quoted(FILE)));
    let is_narrowed = search.conversation.is_some() || search.after.is_some() || search.before.is_some();
    if wanted.is_empty() && !is_narrowed {
        return None;
    }
    let places: Vec<String> =
        among.iter().map(|conversation| quoted(&in_conversation(*conversation))).collect();
    if !places.is_empty() {
        wanted.push(format!("({})", places.join(" OR ")));
    }
    Some(wanted.join(" AND "))
}

fn phrase(phrase: &Phrase) -> String {
    let tokens = quoted(&phrase.tokens.join(" "));
    if phrase.is_open { format!("{tokens} *") } else { tokens }
}

/// Tokens have no quotes in them.
fn quoted(tokens: &str) -> String {
    format!("\"{tokens}\"")
}
