//! Code in colours: one small lexer for all languages, told by a table what each one's comments, strings and words are.
//!
//! It knows no grammar, so it is never wrong by more than a colour: the pieces together are the code, whole and unchanged.

mod languages;

#[cfg(test)]
mod tests;

use languages::{Language, language};

/// What a piece of code is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Anything else.
    Plain,
    /// Words for people.
    Comment,
    /// Text between quotes.
    Quoted,
    /// A number.
    Number,
    /// A word of the language itself.
    Keyword,
    /// The name of what is called, or of a value that is set.
    Name,
}

/// The pieces of code in a language, in order; none if the language is not known.
pub fn pieces<'a>(name: &str, code: &'a str) -> Option<Vec<(Kind, &'a str)>> {
    let mut lexer = Lexer { language: language(name)?, code, at: 0, from: 0, pieces: Vec::new() };
    while lexer.at < code.len() {
        lexer.step();
    }
    lexer.plain();
    Some(lexer.pieces)
}

struct Lexer<'a> {
    language: &'static Language,
    code: &'a str,
    at: usize,
    /// Where the code begins that is not yet a piece.
    from: usize,
    pieces: Vec<(Kind, &'a str)>,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    /// What was passed so far is nothing special.
    fn plain(&mut self) {
        if self.from < self.at {
            self.pieces.push((Kind::Plain, &self.code[self.from..self.at]));
        }
        self.from = self.at;
    }

    fn take(&mut self, kind: Kind, len: usize) {
        self.plain();
        self.at += len;
        self.pieces.push((kind, &self.code[self.from..self.at]));
        self.from = self.at;
    }

    fn step(&mut self) {
        let rest = self.rest();
        let Some(c) = rest.chars().next() else { return };
        if let Some(len) = self.comment() {
            self.take(Kind::Comment, len);
        } else if let Some(len) = self.quoted(c) {
            self.take(Kind::Quoted, len);
        } else if c.is_ascii_digit() {
            let is_in_number = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_');
            self.take(Kind::Number, rest.find(is_in_number).unwrap_or(rest.len()));
        } else if is_in_word(c) {
            self.word();
        } else {
            self.at += c.len_utf8();
        }
    }

    fn comment(&self) -> Option<usize> {
        let rest = self.rest();
        let (open, close) = self.language.comments.iter().find(|(open, _)| rest.starts_with(open))?;
        // In a shell and in YAML a `#` inside a word is none.
        let is_in_word = *open == "#" && self.code[..self.at].ends_with(|c: char| !c.is_whitespace());
        let end = rest[open.len()..].find(close).map(|at| open.len() + at);
        // The line break is no part of a comment that ends with it.
        let end = end.map(|at| if *close == "\n" { at } else { at + close.len() });
        (!is_in_word).then(|| end.unwrap_or(rest.len()))
    }

    fn quoted(&self, c: char) -> Option<usize> {
        let rest = self.rest();
        if let Some(long) = self.language.long_quotes.iter().find(|long| rest.starts_with(**long)) {
            return Some(end_of(rest, long).unwrap_or(rest.len()));
        }
        if !self.language.quotes.contains(c) {
            return None;
        }
        let is_value = !self.language.is_tagged || self.code[..self.at].ends_with('=');
        let line = rest.lines().next().unwrap_or(rest);
        let end = end_of(line, &rest[..1]);
        // An apostrophe may begin a lifetime, or stand in a word.
        let is_one = |len: &usize| {
            c != '\''
                || !self.language.is_char_single
                || line[..*len].chars().count() <= 4
                || line[1..].starts_with('\\')
        };
        let end = if c == '\'' { end.filter(is_one) } else { Some(end.unwrap_or(line.len())) };
        end.filter(|_| is_value)
    }

    fn word(&mut self) {
        let rest = self.rest();
        let len = rest.find(|c| !is_in_word(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(len);
        let language = self.language;
        let before = self.code[..self.at].trim_end_matches('/');
        let kind = if language.is_tagged && before.ends_with('<') || language.has(word) {
            Kind::Keyword
        } else if behind.starts_with('(')
            || language.keyed.is_some_and(|sign| behind.trim_start_matches(' ').starts_with(sign))
        {
            Kind::Name
        } else {
            Kind::Plain
        };
        match kind {
            Kind::Plain => self.at += len,
            kind => self.take(kind, len),
        }
    }
}

fn is_in_word(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphanumeric()
}

/// Where the text that begins with this quote ends, behind its second one; a backslash takes its meaning away.
fn end_of(text: &str, quote: &str) -> Option<usize> {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().filter(|(at, _)| *at >= quote.len()) {
        if !is_escaped && text[at..].starts_with(quote) {
            return Some(at + quote.len());
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    None
}
