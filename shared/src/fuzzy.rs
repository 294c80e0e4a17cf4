//! Finding names by what people type of them: letters, initials, pinyin, or characters, in any mixture.
//!
//! The server reads Chinese names once and sends how they sound ([`crate::text::Sound`]), so that a client needs no
//! table: for each Chinese character of the name, in its order, the readings without tones, `|` between several and `-`
//! for none, a space before the next character. 长江 7 号 sounds "chang|zhang jiang hao".

mod fold;
#[cfg(test)]
mod tests;

pub use fold::{fold, is_han};

/// How well a name fits what was typed; the greater, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(u16);

/// Letters of a query that are looked at: as many as a mask has bits, and one for the end.
const LETTERS: usize = 63;
/// Between two ways of fitting there is room for what comes first and what is shorter.
const STEP: u16 = 1_000;
/// Standing at the beginning of the name counts more than any shortness.
const AT_START: u16 = 500;

/// The ways in which a name can fit, the loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Scattered,
    Inside,
    Spelled,
    Initials,
    Word,
    Prefix,
}

impl Score {
    /// Whether what was typed stands together, or is how the name is spelled: no letters picked out of it.
    pub const fn is_close(self) -> bool {
        self.0 >= STEP
    }
}

/// One character of a name.
struct Unit<'a> {
    letter: char,
    starts_word: bool,
    /// How it is read, for a Chinese one.
    sound: &'a str,
}

impl Unit<'_> {
    fn readings(&self) -> impl Iterator<Item = &str> {
        self.sound.split('|').filter(|reading| !reading.is_empty() && *reading != "-")
    }

    /// Whether one letter stands for it.
    fn begins_with(&self, letter: char) -> bool {
        self.letter == letter || self.readings().any(|reading| reading.starts_with(letter))
    }
}

/// How well a name fits a query; `None`: not at all. Case, width, diacritics and spaces make no difference, and nothing
/// typed fits everything alike.
pub fn rank(query: &str, name: &str, sound: Option<&str>) -> Option<Score> {
    let query: Vec<char> = letters(query).take(LETTERS).collect();
    if query.is_empty() {
        return Some(Score(0));
    }
    let units = units(name, sound.unwrap_or_default());
    let (fit, at) = fit(&query, &units)?;
    let shortness = AT_START - 1 - u16::try_from(units.len()).unwrap_or(u16::MAX).min(AT_START - 1);
    let start = if at == 0 { AT_START } else { 0 };
    Some(Score(fit as u16 * STEP + start + shortness))
}

/// The best way in which the name fits, and from which unit on.
fn fit(query: &[char], units: &[Unit<'_>]) -> Option<(Fit, usize)> {
    let stands = |at: usize| {
        units.len() - at >= query.len()
            && units[at..].iter().map(|unit| unit.letter).zip(query).all(|(a, b)| a == *b)
    };
    let words = || (0..units.len()).filter(|at| units[*at].starts_word);
    if stands(0) {
        return Some((Fit::Prefix, 0));
    }
    let word = words().find(|at| stands(*at)).map(|at| (Fit::Word, at));
    let initials = || words().find(|at| are_initials(query, &units[*at..])).map(|at| (Fit::Initials, at));
    let spelled = || words().find(|at| is_spelled(query, &units[*at..])).map(|at| (Fit::Spelled, at));
    let inside = || (1..units.len()).find(|at| stands(*at)).map(|at| (Fit::Inside, at));
    let scattered = || scattered(query, units).map(|at| (Fit::Scattered, at));
    word.or_else(initials).or_else(spelled).or_else(inside).or_else(scattered)
}

/// Whether each letter is the first of a word, one word after the other.
fn are_initials(query: &[char], units: &[Unit<'_>]) -> bool {
    let mut words = units.iter().filter(|unit| unit.starts_word);
    query.iter().all(|letter| words.next().is_some_and(|word| word.begins_with(*letter)))
}

/// Whether the query spells the beginning of these units: of each word at least its first letter, of each Chinese
/// character itself or the beginning of a reading.
///
/// Bit n of a mask says that n letters can be used up by what was passed; so many readings cost no more than one.
fn is_spelled(query: &[char], units: &[Unit<'_>]) -> bool {
    let (mut exact, mut skipping) = (1_u64, 0_u64);
    let end = 1_u64 << query.len();
    for unit in units {
        let from = if unit.starts_word { exact | skipping } else { exact };
        let mut next = 0;
        for at in (0..query.len()).filter(|at| from & (1 << at) != 0) {
            let rest = &query[at..];
            let taken =
                unit.readings().map(|reading| reading.chars().zip(rest).take_while(|(a, b)| a == *b).count());
            let longest = taken.max().unwrap_or(0).max(usize::from(unit.letter == rest[0]));
            next |= (1..=longest).fold(0, |mask, taken| mask | 1 << (at + taken));
        }
        // Behind its first letter a word may be left.
        skipping = if unit.starts_word { 0 } else { skipping | exact };
        exact = next;
        if exact & end != 0 {
            return true;
        }
        if exact | skipping == 0 {
            return false;
        }
    }
    false
}

/// Where letters begin that stand in this order, with others between them.
fn scattered(query: &[char], units: &[Unit<'_>]) -> Option<usize> {
    let mut at = 0;
    let mut first = None;
    for letter in query {
        at += units[at..].iter().position(|unit| unit.begins_with(*letter))? + 1;
        first = first.or(Some(at - 1));
    }
    first
}

fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(fold).filter(|c| !c.is_whitespace() && *c != '\'')
}

fn units<'a>(name: &str, sound: &'a str) -> Vec<Unit<'a>> {
    let mut sounds = sound.split(' ');
    let mut units = Vec::new();
    let mut before = ' ';
    for letter in name.chars().map(fold) {
        let sound = if is_han(letter) { sounds.next().unwrap_or_default() } else { "" };
        let starts_word = is_han(letter) || is_han(before) || !before.is_alphanumeric();
        before = letter;
        if !letter.is_whitespace() && letter != '\'' {
            units.push(Unit { letter, starts_word: starts_word && letter.is_alphanumeric(), sound });
        }
    }
    units
}
