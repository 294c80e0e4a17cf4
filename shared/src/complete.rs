//! What may be completed before the caret of a text that is being written: a mention, or an emoji by its shortcode.

use crate::text::NAME_CHARS;

/// Letters of a shortcode from which on completions are offered; with fewer, `:)` and `:D` would be disturbed.
const CODE_FROM: usize = 2;
/// Longest shortcode that is looked at, in characters.
const CODE_CHARS: usize = 48;

/// What is asked for, as far as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Behind `@`: somebody's name, or the beginning of it; empty at first.
    Mention(String),
    /// Behind `:`: the beginning of a shortcode.
    Code(String),
    /// Between `:` and `:`: a whole shortcode, if there is one of this name.
    WholeCode(String),
}

impl Asked {
    /// How long the text is that a completion replaces, its sign included, in UTF-16 units: it ends at the caret.
    pub fn replaces(&self) -> u32 {
        let (text, signs) = match self {
            Self::Mention(text) | Self::Code(text) => (text, 1),
            Self::WholeCode(text) => (text, 2),
        };
        u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX - signs) + signs
    }
}

/// What the text before the caret asks for. A sign within a word, an address or a time asks for nothing.
pub fn asked(before: &str) -> Option<Asked> {
    let whole = before.strip_suffix(':').and_then(|before| tail(before, &[':'], CODE_CHARS, is_of_code));
    if let Some(code) = whole.filter(|code| code.len() >= CODE_FROM) {
        return Some(Asked::WholeCode(code.to_owned()));
    }
    if let Some(code) = tail(before, &[':'], CODE_CHARS, is_of_code) {
        return (code.len() >= CODE_FROM).then(|| Asked::Code(code.to_owned()));
    }
    let name = tail(before, &['@', '＠'], NAME_CHARS, |c| !c.is_whitespace())?;
    Some(Asked::Mention(name.to_owned()))
}

/// The end of a text behind the last of these signs, where that stands outside a word and all behind it fits.
fn tail<'a>(text: &'a str, signs: &[char], chars: usize, fits: fn(char) -> bool) -> Option<&'a str> {
    let at = text.char_indices().rev().take(chars + 1).find(|(_, c)| signs.contains(c) || !fits(*c))?;
    let sign = text[at.0..].chars().next().filter(|c| signs.contains(c))?;
    let before = text[..at.0].chars().next_back();
    let stands_free = before.is_none_or(|c| !(c.is_ascii_alphanumeric() || c == sign || c == '/'));
    stands_free.then(|| &text[at.0 + sign.len_utf8()..])
}

fn is_of_code(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '+' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_ask_where_they_stand_outside_a_word() {
        let mention = |text: &str| Some(Asked::Mention(text.to_owned()));
        let code = |text: &str| Some(Asked::Code(text.to_owned()));
        let cases = [
            ("@", mention("")),
            ("hi @zh", mention("zh")),
            ("好的，@张", mention("张")),
            ("好的@zhang三", mention("zhang三")),
            ("你好＠li", mention("li")),
            ("(@a.b", mention("a.b")),
            ("@a @b", mention("b")),
            ("mail me@example", None),
            ("https://example.com/@who", None),
            ("@zhang ", None),
            ("@@", None),
            (":sm", code("sm")),
            ("好:sm", code("sm")),
            ("ok :+1", code("+1")),
            (":s", None),
            (":)", None),
            ("at 10:30", None),
            ("std::fmt", None),
            ("http://ab", None),
            ("他说：好的", None),
            (":smile:", Some(Asked::WholeCode("smile".to_owned()))),
            ("a:smile:", None),
            (": :", None),
            ("plain", None),
            ("", None),
        ];
        for (before, expected) in cases {
            assert_eq!(asked(before), expected, "{before}");
        }
    }

    #[test]
    fn what_is_replaced_is_counted_as_browsers_count() {
        assert_eq!(asked("x @张😀").unwrap().replaces(), 4);
        assert_eq!(asked(":smile:").unwrap().replaces(), 7);
    }

    #[test]
    fn a_name_longer_than_any_asks_for_nothing() {
        assert_eq!(asked(&format!("@{}", "x".repeat(33))), None);
    }
}
