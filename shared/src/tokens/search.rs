//! What is looked for: phrases out of a query, and where a text says them.

use super::{Token, tokens};

/// Most tokens of a query that are looked for; what follows them is left out.
const QUERY_TOKENS: usize = 32;
/// Shortest beginning of a word that finds the whole word, in characters.
const BEGINNING_CHARS: usize = 2;

/// Tokens that a text must have one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// In their folded form; at least one.
    pub tokens: Vec<String>,
    /// Whether the last one is the beginning of a word, which is perhaps still being typed.
    pub is_open: bool,
}

/// What a query asks for: all of these. What stands between spaces is a phrase, and so is what stands between quotes;
/// the last word is also found by its beginning, unless a space or a quote ends it.
pub fn phrases(query: &str) -> Vec<Phrase> {
    let mut left = QUERY_TOKENS;
    let mut phrases = Vec::new();
    for (text, is_last) in parts(query) {
        let mut tokens = tokens(text);
        tokens.truncate(left);
        left -= tokens.len();
        let is_open = is_last && tokens.last().is_some_and(can_grow);
        let tokens: Vec<String> = tokens.into_iter().map(|token| token.text).collect();
        if !tokens.is_empty() {
            phrases.push(Phrase { tokens, is_open });
        }
    }
    phrases
}

fn can_grow(token: &Token) -> bool {
    token.is_word && token.text.chars().nth(BEGINNING_CHARS - 1).is_some()
}

/// The parts of a query, and of each whether the query ends with it.
fn parts(query: &str) -> impl Iterator<Item = (&str, bool)> {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '＂');
    let is_ended = query.ends_with(|c: char| c.is_whitespace() || is_quote(c));
    let quoted = query.split(is_quote).enumerate();
    let parts = quoted.flat_map(|(number, text)| {
        let is_phrase = number % 2 == 1;
        let whole = is_phrase.then_some(text);
        let words = (!is_phrase).then(|| text.split_whitespace());
        whole.into_iter().chain(words.into_iter().flatten())
    });
    let mut parts = parts.filter(|part| !part.is_empty()).peekable();
    std::iter::from_fn(move || {
        let part = parts.next()?;
        Some((part, parts.peek().is_none() && !is_ended))
    })
}

/// Where a text says any of these phrases: (first character, how many), in order, without overlap, at most `most`.
pub fn marks(text: &str, phrases: &[Phrase], most: usize) -> Vec<(u32, u32)> {
    let tokens = tokens(text);
    let mut marks: Vec<(u32, u32)> = Vec::new();
    let (mut bytes, mut chars) = (0, 0);
    let mut place = 0;
    while place < tokens.len() && marks.len() < most {
        let Some(long) = longest(&tokens[place..], phrases) else {
            place += 1;
            continue;
        };
        let (start, end) = (tokens[place].from.start, tokens[place + long - 1].from.end);
        chars += count(&text[bytes..start]);
        let length = count(&text[start..end]);
        marks.push((chars, length));
        (bytes, chars, place) = (end, chars + length, place + long);
        // Tokens that were made of the same character are marked with it.
        while tokens.get(place).is_some_and(|token| token.from.start < end) {
            place += 1;
        }
    }
    marks
}

/// How many of these tokens, from the first on, are a phrase.
fn longest(tokens: &[Token], phrases: &[Phrase]) -> Option<usize> {
    phrases.iter().filter(|phrase| begins_with(tokens, phrase)).map(|phrase| phrase.tokens.len()).max()
}

fn begins_with(tokens: &[Token], phrase: &Phrase) -> bool {
    let last = phrase.tokens.len() - 1;
    phrase.tokens.iter().enumerate().all(|(number, wanted)| {
        tokens.get(number).is_some_and(|token| {
            if phrase.is_open && number == last {
                token.text.starts_with(wanted.as_str())
            } else {
                token.text == *wanted
            }
        })
    })
}

fn count(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}
