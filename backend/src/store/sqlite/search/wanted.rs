//! What is looked for, in the words of FTS5.

use shared::id::{ConversationId, UserId};
use shared::tokens::{Phrase, phrases};

use super::index::{ANY, FILE, LINK, by, calling, in_conversation};
use crate::store::Search;

/// The query for the index: all that is wanted. `None` if nothing is.
pub(super) fn expression(user: UserId, search: &Search) -> Option<String> {
    let mut wanted: Vec<String> = phrases(&search.words).iter().map(phrase).collect();
    if wanted.is_empty() && !search.words.trim().is_empty() {
        // Signs alone say nothing that could be found, and nothing is not everything.
        return None;
    }
    wanted.extend(search.conversation.map(|conversation| quoted(&in_conversation(conversation))));
    wanted.extend(search.author.map(|author| quoted(&by(author))));
    wanted.extend(search.has_link.then(|| quoted(LINK)));
    wanted.extend(search.has_file.then(|| quoted(FILE)));
    wanted.extend(search.mentions_me.then(|| {
        let (me, everybody, mine) = (calling(Some(user)), calling(None), by(user));
        format!("((\"{me}\" OR \"{everybody}\") NOT \"{mine}\")")
    }));
    if wanted.is_empty() && (search.after.is_some() || search.before.is_some()) {
        wanted.push(quoted(ANY));
    }
    (!wanted.is_empty()).then(|| wanted.join(" AND "))
}

/// That of all messages in these conversations.
pub(super) fn among(conversations: impl Iterator<Item = ConversationId>) -> String {
    let places: Vec<String> =
        conversations.map(|conversation| quoted(&in_conversation(conversation))).collect();
    places.join(" OR ")
}

/// What both of these find.
pub(super) fn both(one: &str, other: &str) -> String {
    format!("({one}) AND ({other})")
}

fn phrase(phrase: &Phrase) -> String {
    let tokens = quoted(&phrase.tokens.join(" "));
    if phrase.is_open { format!("{tokens} *") } else { tokens }
}

/// Tokens have no quotes in them.
fn quoted(tokens: &str) -> String {
    format!("\"{tokens}\"")
}
