//! From text to a frame, or to the code that says what is wrong with it.

use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::code::Code;
use shared::frame::{CURSORS, ClientFrame, PEOPLE};
use shared::id::{ClientId, ConversationId};
use shared::model::GROUP_PEOPLE;
use shared::receipt::GOT;
use shared::text::{Body, DraftText, TextError, Title};

/// Kinds of frames that this server knows.
const FRAMES: [&str; 13] = [
    "hello", "do", "draft", "read", "page", "entries", "catch_up", "refresh", "people", "watch", "typing",
    "got", "ping",
];
/// Kinds of deeds that this server knows.
const DEEDS: [&str; 20] = [
    "post",
    "forward",
    "edit",
    "recall",
    "react",
    "pin",
    "vote",
    "close",
    "add_line",
    "drop_line",
    "make_channel",
    "make_group",
    "open_direct",
    "join",
    "add",
    "remove",
    "leave",
    "keep",
    "schedule",
    "unschedule",
];

/// What a refusal names, so that its reader knows what was refused.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subject {
    /// The deed.
    pub(super) client_id: Option<ClientId>,
    /// The conversation that a question was about.
    pub(super) conversation: Option<ConversationId>,
}

impl Subject {
    /// Of a frame that was understood.
    pub(super) fn of(frame: &ClientFrame) -> Self {
        match frame {
            ClientFrame::Do { client_id, .. } => Self { client_id: Some(*client_id), conversation: None },
            ClientFrame::Draft { conversation, .. }
            | ClientFrame::Read { conversation, .. }
            | ClientFrame::Page { conversation, .. }
            | ClientFrame::Entries { conversation, .. }
            | ClientFrame::CatchUp { conversation, .. }
            | ClientFrame::Refresh { conversation, .. }
            | ClientFrame::Watch { conversation }
            | ClientFrame::Typing { conversation } => {
                Self { client_id: None, conversation: Some(*conversation) }
            }
            ClientFrame::Hello { .. }
            | ClientFrame::People { .. }
            | ClientFrame::Got { .. }
            | ClientFrame::Ping => Self::default(),
        }
    }
}

/// What is said of a frame that was not understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotUnderstood {
    /// Of what, as far as that could be read.
    pub(super) subject: Subject,
    /// What is wrong.
    pub(super) code: Code,
}

/// Reads a frame. Only one that is wrong is read a second time, to say what is wrong with it.
pub(super) fn decode(text: &str) -> Result<ClientFrame, NotUnderstood> {
    serde_json::from_str(text).map_err(|_| diagnose(text))
}

fn diagnose(text: &str) -> NotUnderstood {
    let frame: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let subject = Subject {
        client_id: field(&frame, "client_id"),
        // In a deed it stands one level deeper.
        conversation: field(&frame, "conversation"),
    };
    NotUnderstood { subject, code: fault(&frame) }
}

fn field<T: DeserializeOwned>(frame: &Value, name: &str) -> Option<T> {
    frame.get(name).and_then(|value| serde_json::from_value(value.clone()).ok())
}

fn fault(frame: &Value) -> Code {
    let known = match frame.get("t").and_then(Value::as_str) {
        Some(kind) => FRAMES.contains(&kind),
        None => return Code::Malformed,
    };
    if !known {
        return Code::UnknownKind;
    }
    let lists = [("cursors", CURSORS), ("ids", PEOPLE), ("places", GOT)];
    if lists.iter().any(|(name, bound)| is_longer(frame.get(name), *bound)) {
        return Code::TooLarge;
    }
    if let Some(fault) = text_fault::<DraftText>(frame.get("text")) {
        return fault.into();
    }
    frame.get("deed").map_or(Code::Malformed, fault_of_deed)
}

fn fault_of_deed(deed: &Value) -> Code {
    match deed.get("kind").and_then(Value::as_str) {
        Some(kind) if !DEEDS.contains(&kind) => return Code::UnknownKind,
        Some(_) => {}
        None => return Code::Malformed,
    }
    if is_longer(deed.get("people"), GROUP_PEOPLE) {
        return Code::TooLarge;
    }
    let body = text_fault::<Body>(deed.get("body"));
    body.or_else(|| text_fault::<Title>(deed.get("title"))).map_or(Code::Malformed, Into::into)
}

fn text_fault<T: TryFrom<String, Error = TextError>>(text: Option<&Value>) -> Option<TextError> {
    T::try_from(text?.as_str()?.to_owned()).err()
}

fn is_longer(list: Option<&Value>, bound: usize) -> bool {
    list.and_then(Value::as_array).is_some_and(|items| items.len() > bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0198c5a2-7f3e-7c61-9d30-5b0a3a4f2e11";

    fn check(text: &str, expected: Code) {
        assert_eq!(decode(text).unwrap_err().code, expected, "for {text:.80}");
    }

    fn deed(deed: &str) -> String {
        format!(r#"{{"t":"do","client_id":"{ID}","deed":{deed}}}"#)
    }

    #[test]
    fn every_bad_frame_is_told_what_is_wrong() {
        check("hello?", Code::Malformed);
        check("", Code::Malformed);
        check("[]", Code::Malformed);
        check(r#"{"t":7}"#, Code::Malformed);
        check(r#"{"t":"dance"}"#, Code::UnknownKind);
        check(r#"{"t":"read","conversation":0,"seq":1}"#, Code::Malformed);
        check(r#"{"t":"read","conversation":1,"seq":-1}"#, Code::Malformed);
        check(&deed(r#"{"kind":"juggle"}"#), Code::UnknownKind);
        check(&deed(r#"{"body":"hi"}"#), Code::Malformed);
        check(&deed(r#"{"kind":"post","conversation":1,"body":""}"#), Code::Empty);
        check(&deed(r#"{"kind":"post","conversation":1,"body":" \n\t"}"#), Code::Empty);
        check(
            &deed(&format!(r#"{{"kind":"post","conversation":1,"body":"{}"}}"#, "字".repeat(4001))),
            Code::TooLong,
        );
        let draft = r#"{"t":"draft","conversation":1,"base":0,"text":"#;
        check(&format!(r#"{draft}"{}"}}"#, "字".repeat(4001)), Code::TooLong);
        check(&deed(r#"{"kind":"keep","own":{"kind":"unscheduled","id":"x"}}"#), Code::Malformed);
        check(&deed(r#"{"kind":"make_channel","title":"a\u0000b"}"#), Code::BadCharacter);
        check(&format!(r#"{{"t":"people","ids":[{}1]}}"#, "1,".repeat(100)), Code::TooLarge);
        check(&"[".repeat(60_000), Code::Malformed);
    }

    #[test]
    fn a_bad_deed_is_refused_by_its_name() {
        let refused = decode(&deed(r#"{"kind":"post","conversation":1,"body":""}"#)).unwrap_err();
        assert_eq!(refused.subject.client_id.map(|id| id.to_string()).as_deref(), Some(ID));
    }

    #[test]
    fn a_bad_question_is_refused_by_its_conversation() {
        let refused = decode(r#"{"t":"page","conversation":7,"limit":-1}"#).unwrap_err();
        assert_eq!(refused.subject.conversation.map(ConversationId::get), Some(7));
        assert_eq!(refused.code, Code::Malformed);
    }

    /// The kinds that a type knows by itself are those listed, no more and no fewer.
    fn check_kinds<T: DeserializeOwned + std::fmt::Debug>(tag: &str, kinds: &[&str]) {
        let read = |kind: &str| serde_json::from_str::<T>(&format!(r#"{{"{tag}":"{kind}"}}"#));
        for kind in kinds {
            let fault = read(kind).err().map(|error| error.to_string());
            assert!(fault.is_none_or(|fault| fault.contains("missing field")), "{kind}");
        }
        // "unknown variant `dance`, expected one of `…`, `…`": serde names them all.
        let fault = read("dance").unwrap_err().to_string();
        assert!(kinds.iter().all(|kind| fault.contains(&format!("`{kind}`"))), "{fault}");
        assert_eq!(fault.matches('`').count(), 2 + 2 * kinds.len(), "{fault}");
    }

    #[test]
    fn the_kinds_listed_here_are_the_kinds_there_are() {
        check_kinds::<ClientFrame>("t", &FRAMES);
        check_kinds::<shared::frame::Deed>("kind", &DEEDS);
    }
}
