//! Sorts of characters, by block of Unicode, so that no table of all of them has to travel to the browser.

/// Han, kana, Hangul, and their punctuation: written without spaces between words.
pub(super) fn is_cjk(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{a960}'..='\u{a97f}' | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff01}'..='\u{ffee}'
        | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

/// Punctuation and symbols of any script, near enough.
pub(super) fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || (!c.is_ascii()
            && !c.is_alphanumeric()
            && matches!(c, '\u{a1}'..='\u{bf}' | '\u{d7}' | '\u{f7}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
                | '\u{20a0}'..='\u{20cf}' | '\u{2100}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}' | '\u{3001}'..='\u{303f}'
                | '\u{30fb}' | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe6b}' | '\u{ff01}'..='\u{ff65}'
                | '\u{ffe0}'..='\u{ffee}' | '\u{1f000}'..='\u{1faff}'))
}

/// A letter or digit of any script, or what may stand behind the first one in a name.
pub(super) fn is_in_name(c: char) -> bool {
    matches!(c, '_' | '.' | '-') || c.is_alphanumeric()
}
