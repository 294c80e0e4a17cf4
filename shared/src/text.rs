//! Bounded text: a value of these types cannot be empty, too long, or carry characters that deceive.
//!
//! Form, wire and store share these rules, because each type checks itself when it is made.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::markup::is_emoji_only;

/// Longest message, in characters (Unicode scalar values). 4,000 of them are at most 16 KB of UTF-8, and 48 KB when
/// JSON escapes every one, so that a frame stays below 64 KiB.
pub const BODY_CHARS: usize = 4_000;
/// Longest sign-in name, in characters.
pub const NAME_CHARS: usize = 32;
/// Longest display name, in characters.
pub const DISPLAY_CHARS: usize = 64;
/// Longest title of a conversation, in characters.
pub const TITLE_CHARS: usize = 80;
/// Longest reading of a name, in bytes: four readings of six letters and a bar each for every character of a title.
pub const SOUND_BYTES: usize = TITLE_CHARS * 4 * 7;
/// Longest choice of a poll, in characters.
pub const CHOICE_CHARS: usize = 80;
/// Longest line of a chain, in characters.
pub const LINE_CHARS: usize = 200;
/// Longest emoji, in characters: a family of four with their skin tones has eleven.
pub const EMOJI_CHARS: usize = 16;
/// Shortest password, in characters (NIST SP 800-63B asks for at least 8).
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Longest password, in characters.
pub const PASSWORD_CHARS: usize = 256;

/// Why a text was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing in it, or nothing but space.
    #[error("empty")]
    Empty,
    /// Fewer characters than asked for.
    #[error("too short")]
    TooShort,
    /// More characters than allowed.
    #[error("too long")]
    TooLong,
    /// A character that this text may not have.
    #[error("a character that is not allowed")]
    BadCharacter,
}

impl From<TextError> for Code {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::Empty,
            TextError::TooShort => Self::TooShort,
            TextError::TooLong => Self::TooLong,
            TextError::BadCharacter => Self::BadCharacter,
        }
    }
}

macro_rules! text {
    ($($(#[$doc:meta])* $name:ident = $check:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                let check: fn(String) -> Result<String, TextError> = $check;
                check(text).map(|text| Self(text.into_boxed_str()))
            }
        }

        impl TryFrom<&str> for $name {
            type Error = TextError;
            fn try_from(text: &str) -> Result<Self, TextError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0.into_string()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

text! {
    /// What a message says: 1 to [`BODY_CHARS`] characters, not only space; comes back exactly as sent.
    Body = |text| {
        if text.chars().all(is_blank) {
            return Err(TextError::Empty);
        }
        at_most(text, BODY_CHARS)
    };

    /// What was typed and not sent: up to [`BODY_CHARS`] characters, or nothing; comes back exactly as typed.
    DraftText = |text| at_most(text, BODY_CHARS);

    /// A sign-in name: 2 to [`NAME_CHARS`] letters and digits of any script, and behind the first one `_`, `.` or `-`;
    /// kept in lower case.
    ///
    /// Full-width and other compatibility forms are refused, since they look like the plain letter.
    UserName = |text| {
        let name = text.trim().to_lowercase();
        if name.is_empty() {
            return Err(TextError::Empty);
        }
        if !name.chars().all(|c| matches!(c, '_' | '.' | '-') || (c.is_alphanumeric() && !is_compatibility(c))) {
            return Err(TextError::BadCharacter);
        }
        if !name.starts_with(char::is_alphanumeric) {
            return Err(TextError::BadCharacter);
        }
        if name.chars().count() < 2 {
            return Err(TextError::TooShort);
        }
        at_most(name, NAME_CHARS)
    };

    /// The name that people see: 1 to [`DISPLAY_CHARS`] characters on one line, trimmed.
    DisplayName = |text| one_line(&text, DISPLAY_CHARS);

    /// The name of a group or channel: 1 to [`TITLE_CHARS`] characters on one line, trimmed.
    Title = |text| one_line(&text, TITLE_CHARS);

    /// How the Chinese characters of a name are read, as [`crate::fuzzy`] takes it: small ASCII letters, `|`, `-` and
    /// spaces, at most [`SOUND_BYTES`].
    Sound = |text| match text.len() {
        0 => Err(TextError::Empty),
        1..=SOUND_BYTES if text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'|' | b'-' | b' ')) => Ok(text),
        1..=SOUND_BYTES => Err(TextError::BadCharacter),
        _ => Err(TextError::TooLong),
    };

    /// One choice of a poll: 1 to [`CHOICE_CHARS`] characters on one line, trimmed.
    Choice = |text| one_line(&text, CHOICE_CHARS);

    /// One line of a chain: 1 to [`LINE_CHARS`] characters on one line, trimmed.
    Line = |text| one_line(&text, LINE_CHARS);

    /// An emoji to put under a message: at most [`EMOJI_CHARS`] characters, and nothing but emoji.
    Emoji = |text| {
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        let text = at_most(text, EMOJI_CHARS)?;
        if is_emoji_only(&text) && !text.contains(' ') { Ok(text) } else { Err(TextError::BadCharacter) }
    };
}

impl Default for DraftText {
    fn default() -> Self {
        Self("".into())
    }
}

impl Body {
    /// What stands in place of a text that was taken back.
    pub fn recalled() -> Self {
        Self("…".into())
    }
}

/// A password as it was typed: [`PASSWORD_MIN_CHARS`] to [`PASSWORD_CHARS`] characters. Its `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Password(Box<str>);

impl Password {
    /// The password itself, for hashing.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Password {
    type Error = TextError;
    fn try_from(text: String) -> Result<Self, TextError> {
        if text.chars().count() < PASSWORD_MIN_CHARS {
            return Err(TextError::TooShort);
        }
        at_most(text, PASSWORD_CHARS).map(|text| Self(text.into_boxed_str()))
    }
}

impl From<Password> for String {
    fn from(password: Password) -> String {
        password.0.into_string()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

fn at_most(text: String, chars: usize) -> Result<String, TextError> {
    // Counting stops one past the bound: a hostile megabyte costs no more than a long message.
    if text.chars().take(chars + 1).count() > chars { Err(TextError::TooLong) } else { Ok(text) }
}

fn one_line(text: &str, chars: usize) -> Result<String, TextError> {
    let line = text.trim();
    if line.chars().all(is_blank) {
        return Err(TextError::Empty);
    }
    if line.chars().any(|c| c.is_control() || is_deceiving(c)) {
        return Err(TextError::BadCharacter);
    }
    at_most(line.to_owned(), chars)
}

/// White space, and the characters that show nothing by themselves.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{e0000}'..='\u{e0fff}')
}

/// Line separators, and marks that turn the direction of what stands around them (Trojan Source, CVE-2021-42574).
fn is_deceiving(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}')
}

/// Blocks of forms that look like a plain letter and are another one: what NFKC would change (Unicode Standard
/// Annex 15), by block, so that no table of all of them has to travel to the browser.
fn is_compatibility(c: char) -> bool {
    matches!(c, '\u{aa}' | '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{ba}' | '\u{bc}'..='\u{be}' | '\u{2b0}'..='\u{2b8}'
        | '\u{1d2c}'..='\u{1d6a}' | '\u{2070}'..='\u{209f}' | '\u{2100}'..='\u{218f}' | '\u{2460}'..='\u{24ff}'
        | '\u{2e80}'..='\u{2fdf}' | '\u{3131}'..='\u{318f}' | '\u{3200}'..='\u{33ff}' | '\u{f900}'..='\u{fdff}'
        | '\u{fe70}'..='\u{feff}' | '\u{ff00}'..='\u{ffef}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f100}'..='\u{1f1ff}'
        | '\u{2f800}'..='\u{2fa1f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: TryFrom<String, Error = TextError> + Into<String>>(
        input: &str,
        expected: Result<&str, TextError>,
    ) {
        let made: Result<String, TextError> = T::try_from(input.to_owned()).map(Into::into);
        assert_eq!(made, expected.map(ToOwned::to_owned), "for {input:?}");
    }

    #[test]
    fn a_body_comes_back_as_sent_or_is_refused() {
        check::<Body>("  你好，world 👩‍👩‍👧‍👦 \n", Ok("  你好，world 👩‍👩‍👧‍👦 \n"));
        check::<Body>("שלום عليكم", Ok("שלום عليكم"));
        check::<Body>("", Err(TextError::Empty));
        check::<Body>(" \n\t\u{3000}\u{200b}", Err(TextError::Empty));
        check::<Body>(&"喜".repeat(BODY_CHARS), Ok(&"喜".repeat(BODY_CHARS)));
        check::<Body>(&"喜".repeat(BODY_CHARS + 1), Err(TextError::TooLong));
    }

    #[test]
    fn a_user_name_is_lower_case_letters_of_any_script() {
        check::<UserName>(" LinWen ", Ok("linwen"));
        check::<UserName>("张三", Ok("张三"));
        check::<UserName>("a", Err(TextError::TooShort));
        check::<UserName>("ａdmin", Err(TextError::BadCharacter));
        check::<UserName>("林\u{f9f4}", Err(TextError::BadCharacter));
        check::<UserName>("²²", Err(TextError::BadCharacter));
        check::<UserName>("ﬁx", Err(TextError::BadCharacter));
        check::<UserName>("..", Err(TextError::BadCharacter));
        check::<UserName>("two words", Err(TextError::BadCharacter));
        check::<UserName>(&"a".repeat(33), Err(TextError::TooLong));
    }

    #[test]
    fn a_display_name_is_one_honest_line() {
        check::<DisplayName>(" 林雯 Lin Wen ", Ok("林雯 Lin Wen"));
        check::<DisplayName>("evil\u{202e}nam", Err(TextError::BadCharacter));
        check::<DisplayName>("two\nlines", Err(TextError::BadCharacter));
        check::<Title>("\u{3000}", Err(TextError::Empty));
        for nothing in ["\u{2800}", "\u{115f}", "\u{ad}", "\u{e0041}", "\u{180e}\u{34f}"] {
            check::<DisplayName>(nothing, Err(TextError::Empty));
        }
        check::<DisplayName>("a\u{200e}b", Err(TextError::BadCharacter));
        check::<DisplayName>("👩‍👧 می‌خواهم", Ok("👩‍👧 می‌خواهم"));
    }

    #[test]
    fn an_emoji_is_nothing_else() {
        for emoji in ["👍", "❤️", "👍🏽", "👩‍👩‍👧‍👦", "🇨🇳"] {
            check::<Emoji>(emoji, Ok(emoji));
        }
        for text in ["a", "好", "👍 👍", "👍a"] {
            check::<Emoji>(text, Err(TextError::BadCharacter));
        }
        check::<Emoji>(&"👍".repeat(17), Err(TextError::TooLong));
        check::<Emoji>("", Err(TextError::Empty));
    }

    #[test]
    fn a_password_never_shows_in_debug() {
        let password = Password::try_from("correct horse".to_owned()).unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert!(Password::try_from("short".to_owned()).is_err());
    }
}
