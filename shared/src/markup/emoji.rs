//! Messages that are nothing but a few emoji.

/// Most characters of a text that is looked at as nothing but emoji: some six, with their joiners.
const EMOJI_CHARS: usize = 42;

/// Whether a text is a few emoji and nothing else, to be drawn large.
pub fn is_emoji_only(text: &str) -> bool {
    let text = text.trim();
    let few = text.chars().take(EMOJI_CHARS + 1).count() <= EMOJI_CHARS;
    few && text.chars().any(is_pictograph) && text.chars().all(|c| is_pictograph(c) || is_emoji_part(c))
}

/// The blocks that hold what Unicode shows as a picture by default.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}'
        | '\u{2b55}' | '\u{23e9}'..='\u{23f3}' | '\u{231a}' | '\u{231b}' | '\u{1f004}' | '\u{1f0cf}')
}

/// Joiner, variation selector, skin tones (inside the pictographs), tags of flags, and space between two emoji.
fn is_emoji_part(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_emoji_are_drawn_large() {
        for text in ["🎉🎉", "👩‍👩‍👧‍👦", "❤️", "👍🏽 🚀", "🇨🇳"] {
            assert!(is_emoji_only(text), "for {text}");
        }
        for text in ["hi 🎉", "42", "好", "", "🎉".repeat(60).as_str()] {
            assert!(!is_emoji_only(text), "for {text}");
        }
    }
}
