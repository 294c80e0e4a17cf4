//! Which characters make words, which stand for themselves, and which say nothing.

use unicode_normalization::char::is_combining_mark;

/// What a character is to a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// A letter or digit of a script that puts spaces between words.
    Spaced,
    /// A character of a script without spaces, or a picture: a token by itself.
    Unspaced,
    /// Part of the character before it.
    Mark,
    /// Space, punctuation: the end of a word.
    None,
}

/// That of a folded character.
pub(super) fn of(c: char) -> Script {
    match c {
        'a'..='z' | '0'..='9' => Script::Spaced,
        '\0'..='\x7f' => Script::None,
        _ if is_unspaced(c) || is_picture(c) => Script::Unspaced,
        _ if is_combining_mark(c) => Script::Mark,
        _ if c.is_alphanumeric() => Script::Spaced,
        _ => Script::None,
    }
}

/// Han with all its extensions, kana, Hangul, Bopomofo, Yi; Thai, Lao, Khmer, Burmese, Tibetan.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3031}'..='\u{3035}'
        | '\u{3038}'..='\u{303c}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}'
        | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{a000}'..='\u{a48c}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97c}' | '\u{d7b0}'..='\u{d7fb}' | '\u{f900}'..='\u{faff}'
        | '\u{1aff0}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
        || (matches!(c, '\u{e00}'..='\u{eff}' | '\u{f40}'..='\u{fbc}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17dd}')
            && c.is_alphabetic()
            && !is_combining_mark(c))
}

/// The blocks that hold emoji.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}')
}
