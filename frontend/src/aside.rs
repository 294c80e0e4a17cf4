//! What is kept beside a draft in this browser: what the composer does with the text, a text being changed, and what was
//! taken back a short while ago. It goes with the drafts when the person signs out.

use shared::client::Desk;
use shared::id::{ClientId, ConversationId, Seq};
use shared::json;

use crate::browser::{keep, kept, now};
use crate::drafts;

/// A text that was taken back is kept so long, in milliseconds.
const RECALLED_FOR: u64 = 24 * 60 * 60 * 1_000;
/// Most such texts of one conversation.
const RECALLED: usize = 20;

/// What becomes of what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// It is said.
    Say,
    /// It answers the message at this place.
    Reply(Seq),
    /// It takes the place of what that message says.
    Edit(Seq),
}

/// What the composer of a desk was about to do.
pub fn aim(desk: Desk) -> Aim {
    let kept = read(key(desk, "aim")).unwrap_or_default();
    let aim = kept.split_once(' ').and_then(|(verb, seq)| {
        let seq = seq.parse::<u64>().ok()?.try_into().ok()?;
        match verb {
            "reply" => Some(Aim::Reply(seq)),
            "edit" => Some(Aim::Edit(seq)),
            _ => None,
        }
    });
    aim.unwrap_or(Aim::Say)
}

/// Keeps it.
pub fn keep_aim(desk: Desk, aim: Aim) {
    let text = match aim {
        Aim::Say => String::new(),
        Aim::Reply(seq) => format!("reply {seq}"),
        Aim::Edit(seq) => format!("edit {seq}"),
    };
    write(key(desk, "aim"), &text);
}

/// What a message is about to say instead; the draft is another text.
pub fn edit(desk: Desk) -> String {
    read(key(desk, "edit")).unwrap_or_default()
}

/// Keeps it; an empty text keeps nothing.
pub fn keep_edit(desk: Desk, text: &str) {
    write(key(desk, "edit"), text);
}

/// What stands in the fields of a form, and was not sent.
pub fn form(desk: Desk, name: &str) -> Vec<String> {
    read(key(desk, name)).map(|kept| kept.split('\n').map(str::to_owned).collect()).unwrap_or_default()
}

/// Keeps it; a form without fields keeps nothing. A field is one line.
pub fn keep_form(desk: Desk, name: &str, fields: &[String]) {
    write(key(desk, name), &fields.join("\n"));
}

/// What is about to be added to a chain.
pub fn line(conversation: ConversationId, chain: Seq) -> String {
    read(key((conversation, Some(chain)), "line")).unwrap_or_default()
}

/// Keeps it; an empty text keeps nothing.
pub fn keep_line(conversation: ConversationId, chain: Seq, text: &str) {
    write(key((conversation, Some(chain)), "line"), text);
}

/// The author's own first line of a chain, which is added now that this is in the log, at `place`. Until the deed is on
/// disk it is kept as what is about to be added there.
pub fn take_first_line(conversation: ConversationId, chain: ClientId, place: Seq) -> Option<String> {
    let key = key((conversation, None), &format!("first.{chain}"));
    let line = read(key.clone())?;
    keep_line(conversation, place, &line);
    write(key, "");
    Some(line)
}

/// Keeps it until then.
pub fn keep_first_line(conversation: ConversationId, chain: ClientId, text: &str) {
    write(key((conversation, None), &format!("first.{chain}")), text);
}

/// What a message of one's own said before it was taken back, if that was here and not long ago.
pub fn recalled(conversation: ConversationId, seq: Seq) -> Option<String> {
    let found = all_recalled(conversation).into_iter().find(|(_, place, _)| *place == seq.get());
    found.map(|(_, _, text)| text)
}

/// Keeps what a message said that is being taken back.
pub fn keep_recalled(conversation: ConversationId, seq: Seq, text: &str) {
    let mut all = all_recalled(conversation);
    all.retain(|(_, place, _)| *place != seq.get());
    all.insert(0, (now().0, seq.get(), text.to_owned()));
    all.truncate(RECALLED);
    write(key((conversation, None), "recalled"), &json::write(&all).unwrap_or_default());
}

/// When, where and what, the newest first.
fn all_recalled(conversation: ConversationId) -> Vec<(u64, u64, String)> {
    let kept = read(key((conversation, None), "recalled")).unwrap_or_default();
    let mut all: Vec<(u64, u64, String)> = json::read(&kept).unwrap_or_default();
    let end = now().0.saturating_sub(RECALLED_FOR);
    all.retain(|(at, ..)| *at >= end);
    all
}

fn read(key: Option<String>) -> Option<String> {
    key.and_then(|key| kept(&key))
}

fn write(key: Option<String>, text: &str) {
    if let Some(key) = key {
        keep(&key, text);
    }
}

fn key((conversation, thread): Desk, what: &str) -> Option<String> {
    let thread = thread.map(|thread| format!("{thread}.")).unwrap_or_default();
    drafts::beside(conversation, &format!("{thread}{what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::model::Person;
    use shared::permission::ServerRole;
    use wasm_bindgen_test::wasm_bindgen_test;

    fn somebody_is_signed_in() {
        drafts::belong_to(&Person {
            id: 7.try_into().unwrap(),
            name: "linwen".try_into().unwrap(),
            display: "Lin".try_into().unwrap(),
            sound: None,
            role: ServerRole::Member,
        });
    }

    #[wasm_bindgen_test]
    fn what_was_taken_back_is_kept_and_the_oldest_goes_first() {
        somebody_is_signed_in();
        let room = 77.try_into().unwrap();
        for number in 1..=21_u64 {
            keep_recalled(room, number.try_into().unwrap(), &format!("text {number}"));
        }
        assert_eq!(recalled(room, 1.try_into().unwrap()), None);
        assert_eq!(recalled(room, 21.try_into().unwrap()).as_deref(), Some("text 21"));
    }

    #[wasm_bindgen_test]
    fn the_aim_comes_back_as_it_was() {
        somebody_is_signed_in();
        let room: ConversationId = 78.try_into().unwrap();
        for kept in [Aim::Reply(5.try_into().unwrap()), Aim::Edit(9.try_into().unwrap()), Aim::Say] {
            for desk in [(room, None), (room, Some(5.try_into().unwrap()))] {
                keep_aim(desk, kept);
                assert_eq!(aim(desk), kept);
            }
        }
    }
}
