//! Finding words in messages that a device keeps, for when the server cannot be asked.

use crate::fuzzy::fold;

/// Where a text says all of some words: the first character and how many, in order and without overlap; `None` if it
/// does not say one of them. Case, width and diacritics make no difference. Simplified characters for traditional ones
/// are known to the server alone.
pub fn marks(text: &str, words: &str) -> Option<Vec<(u32, u32)>> {
    let text: Vec<char> = text.chars().map(fold).collect();
    let mut is_marked = vec![false; text.len()];
    for word in words.split_whitespace() {
        let word: Vec<char> = word.trim_matches('"').chars().map(fold).collect();
        if word.is_empty() {
            continue;
        }
        let mut is_said = false;
        for at in 0..text.len() {
            if text[at..].starts_with(&word) {
                is_marked[at..at + word.len()].fill(true);
                is_said = true;
            }
        }
        if !is_said {
            return None;
        }
    }
    Some(runs(&is_marked))
}

/// What stands together.
fn runs(is_marked: &[bool]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    // A text has far fewer characters than that.
    for at in (0..).zip(is_marked).filter_map(|(at, is_marked)| is_marked.then_some(at)) {
        match runs.last_mut() {
            Some((from, count)) if *from + *count == at => *count += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_by_all_of_the_words_that_it_says() {
        let check = |text: &str, words: &str, expected: Option<&[(u32, u32)]>| {
            assert_eq!(marks(text, words).as_deref(), expected, "{words:?} in {text:?}");
        };
        check("我家在上海东边", "上海", Some(&[(3, 2)]));
        check("我家在上海东边", "海", Some(&[(4, 1)]));
        check("我家在上海东边", "东 上海", Some(&[(3, 3)]));
        check("我家在上海东边", "上海 北", None);
        check("Café ＡＢＣ", "cafe abc ", Some(&[(0, 4), (5, 3)]));
        check("ababa", "aba", Some(&[(0, 5)]));
        check("no words at all", "", Some(&[]));
        check("a quoted one", "\"quoted\"", Some(&[(2, 6)]));
        check("", "x", None);
    }
}
