//! What a message can be found by: one cutting into words for what is stored and for what is looked for.
//!
//! A token has no space, no `_` and no other sign of ASCII in it: only letters, digits and what lies beyond ASCII.

mod fold;
mod script;
mod search;

use std::ops::Range;

use script::Script;
pub use search::{Phrase, marks, phrases};

/// Longest token, in characters. What is longer is cut, also in a query.
pub const TOKEN_CHARS: usize = 64;

/// A word, or one character of a script that writes words without spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As it is found: in its folded form.
    pub text: String,
    /// Which bytes of the text it was made of.
    pub from: Range<usize>,
    /// Whether more letters could follow in the same token: then its beginning finds it, too.
    pub is_word: bool,
}

/// The tokens of a text, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut cutting = Cutting::default();
    for cluster in fold::clusters(text) {
        let folded = fold::fold(&text[cluster.clone()]);
        for c in folded.chars() {
            cutting.take(c, &cluster);
        }
    }
    cutting.end_word();
    cutting.done
}

/// The tokens of a text as one line, with a space between two of them.
pub fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len() * 2);
    for token in tokens(text) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&token.text);
    }
    line
}

/// A text that is being cut.
#[derive(Default)]
struct Cutting {
    done: Vec<Token>,
    word: Option<Word>,
}

/// A word whose end has not come.
struct Word {
    token: Token,
    chars: usize,
}

impl Cutting {
    /// Takes the next folded character, which came out of these bytes.
    fn take(&mut self, c: char, from: &Range<usize>) {
        match script::of(c) {
            Script::Spaced => self.lengthen(c, from),
            Script::Unspaced => {
                self.end_word();
                self.done.push(Token { text: c.into(), from: from.clone(), is_word: false });
            }
            Script::Mark => self.attach(c, from),
            Script::None => self.end_word(),
        }
    }

    fn lengthen(&mut self, c: char, from: &Range<usize>) {
        let word = self.word.get_or_insert_with(|| Word {
            token: Token { text: String::new(), from: from.clone(), is_word: true },
            chars: 0,
        });
        word.token.from.end = from.end;
        if word.chars < TOKEN_CHARS {
            word.token.text.push(c);
            word.chars += 1;
        }
    }

    /// A mark belongs to what it stands behind.
    fn attach(&mut self, c: char, from: &Range<usize>) {
        if self.word.is_some() {
            self.lengthen(c, from);
        } else if let Some(last) = self.done.last_mut().filter(|last| last.from == *from) {
            last.text.push(c);
        }
    }

    fn end_word(&mut self) {
        self.done.extend(self.word.take().map(|word| word.token));
    }
}
