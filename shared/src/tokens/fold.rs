//! Folding: what a reader takes for the same is the same. Full and half width, upper and lower case, accents on Latin
//! letters, katakana and hiragana, traditional and simplified.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

/// Pairs of characters: traditional, simplified.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let lines = include_str!("../../data/simplified.txt").lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.chars().next().zip(line.chars().nth(1))).collect()
});

/// The bytes of each character with what combines with it, in order: parts that can be folded one by one.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = chars.next()?;
        while chars.next_if(|(_, c)| combines(*c)).is_some() {}
        Some(start..chars.peek().map_or(text.len(), |(end, _)| *end))
    })
}

/// Accents and other marks, the vowels and finals of Hangul that is written by its parts, and the voicing of half-width
/// kana.
fn combines(c: char) -> bool {
    !c.is_ascii()
        && (is_silent(c)
            || matches!(c, '\u{1160}'..='\u{11ff}' | '\u{ff9e}' | '\u{ff9f}' | '\u{ffa0}'..='\u{ffdc}')
            || canonical_combining_class(c) != 0
            || is_combining_mark(c))
}

/// Soft hyphen, joiners, variation selectors, skin tones, tags: what only changes how something looks.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{20e3}'
        | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}')
}

/// The folded form of a cluster.
pub(super) fn fold(cluster: &str) -> String {
    if cluster.is_ascii() {
        return cluster.to_ascii_lowercase();
    }
    let composed: String = cluster.chars().filter(|c| !is_silent(*c)).nfkc().collect();
    // Lower case may come apart again, and a second normal form puts it together.
    let lower: String = composed.chars().flat_map(char::to_lowercase).nfkc().collect();
    let mut folded = String::with_capacity(lower.len());
    lower.chars().for_each(|c| fold_char(c, &mut folded));
    folded
}

fn fold_char(c: char, into: &mut String) {
    match c {
        // Katakana lies as far behind hiragana everywhere.
        'ァ'..='ヶ' | 'ヽ' | 'ヾ' => into.extend(char::from_u32(u32::from(c) - 0x60)),
        // At the end of a word.
        'ς' => into.push('σ'),
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
            let letter = std::iter::once(c).nfd().next().unwrap_or(c);
            plain_latin(letter, into);
        }
        // An accent that no letter was composed with stands on a Latin one, or on nothing that it tells apart.
        '\u{300}'..='\u{36f}' if into.chars().next().is_none_or(|c| c.is_ascii_alphanumeric()) => {}
        _ => into.push(simplified(c)),
    }
}

/// Letters that are not composed of another one and an accent, as those write them who have only the alphabet.
fn plain_latin(letter: char, into: &mut String) {
    match letter {
        'ß' => into.push_str("ss"),
        'æ' => into.push_str("ae"),
        'œ' => into.push_str("oe"),
        'þ' => into.push_str("th"),
        'ø' => into.push('o'),
        'ł' => into.push('l'),
        'đ' | 'ð' => into.push('d'),
        'ħ' => into.push('h'),
        'ı' => into.push('i'),
        _ => into.push(letter),
    }
}

fn simplified(c: char) -> char {
    // Everything in the table is Han.
    if c < '\u{3400}' { c } else { SIMPLIFIED.get(&c).copied().unwrap_or(c) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_folded_once_stays_as_it_is() {
        for c in char::MIN..=char::MAX {
            let once = fold(c.encode_utf8(&mut [0; 4]));
            let twice: String = clusters(&once).map(|cluster| fold(&once[cluster])).collect();
            assert_eq!(once, twice, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn the_table_leads_to_forms_that_lead_nowhere() {
        assert_eq!(SIMPLIFIED.len(), 6_377);
        assert!(SIMPLIFIED.values().all(|c| !SIMPLIFIED.contains_key(c)));
    }
}
