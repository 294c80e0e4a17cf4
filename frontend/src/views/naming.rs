//! What people and conversations are called, and how they look.

use shared::client::{Client, Room};
use shared::id::{ConversationId, UserId};
use shared::model::Kind;

use crate::locales::Words;
use crate::ui::Face;

/// What a person is called; one whose name has not come yet is someone.
pub fn name_of(client: &Client, id: UserId, words: &Words) -> String {
    client.person(id).map_or_else(|| words.general.someone.to_owned(), |person| person.display.to_string())
}

/// The same, but oneself is "you".
pub fn name_or_you(client: &Client, id: UserId, words: &Words) -> String {
    if is_me(client, id) { words.general.you.to_owned() } else { name_of(client, id, words) }
}

/// The same for one to whom something is done.
pub fn name_or_you_object(client: &Client, id: UserId, words: &Words) -> String {
    if is_me(client, id) { words.general.you_object.to_owned() } else { name_of(client, id, words) }
}

/// Whether that is who reads this.
pub fn is_me(client: &Client, id: UserId) -> bool {
    client.me().is_some_and(|me| me.id == id)
}

/// What sort of conversation it is; it never becomes another.
pub fn kind_of(client: &Client, id: ConversationId) -> Kind {
    client.room(id).map_or(Kind::Unknown, |room| room.summary().kind)
}

/// What a conversation is called: a direct one by the other person, one with oneself as notes.
pub fn title_of(client: &Client, room: &Room, words: &Words) -> String {
    let summary = room.summary();
    match (&summary.title, summary.with) {
        (Some(title), _) => title.to_string(),
        (None, Some(with)) if is_me(client, with) => words.general.notes.to_owned(),
        (None, Some(with)) => name_of(client, with, words),
        (None, None) => words.general.someone.to_owned(),
    }
}

/// How a conversation looks in the list.
pub fn face_of(client: &Client, room: &Room, words: &Words) -> Face {
    let summary = room.summary();
    match (summary.kind, summary.with) {
        (Kind::Direct, Some(with)) if is_me(client, with) => Face::notes(with),
        (Kind::Direct, Some(with)) => Face::person(with, &name_of(client, with, words)),
        (kind, _) => Face::conversation(summary.id, kind, &title_of(client, room, words)),
    }
}

/// What stands below a conversation's name: how many people are in it, or what it is.
pub fn company_of(client: &Client, room: &Room, words: &Words) -> String {
    let summary = room.summary();
    match (summary.kind, summary.with) {
        (Kind::Direct, Some(with)) if is_me(client, with) => words.room.only_you.to_owned(),
        (Kind::Direct, Some(with)) => client
            .person(with)
            .map_or_else(|| words.room.direct.to_owned(), |person| format!("@{}", person.name)),
        _ => (words.room.members)(summary.members),
    }
}
