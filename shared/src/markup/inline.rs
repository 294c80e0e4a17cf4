//! Lines of running text to pieces.

use super::letters::{is_cjk, is_in_name, is_punctuation};
use super::pairing::{build, pair};
use super::steps::step;
use super::{Inline, link};
use crate::text::NAME_CHARS;

/// What a line is made of, before it is known which signs belong together.
pub(super) enum Token<'a> {
    /// A piece that stands as it is.
    Piece(Inline<'a>),
    /// Equal signs in a row, which may begin or end a style.
    Run(Run<'a>),
    /// `[`, and where it leads once its `]` is found.
    Open(Option<String>),
    /// `](address)`.
    Close(&'a str),
}

/// Equal signs in a row.
pub(super) struct Run<'a> {
    pub(super) text: &'a str,
    pub(super) opens: bool,
    pub(super) closes: bool,
    /// How many signs belong to no style yet.
    pub(super) left: usize,
    /// Styles that end here, the innermost first, by how many signs they take.
    pub(super) ended: Vec<usize>,
    /// Styles that begin here, the innermost first.
    pub(super) begun: Vec<usize>,
}

/// The pieces of some lines. No style reaches over an empty line.
pub(super) fn inlines<'a>(lines: &[&'a str]) -> Vec<Inline<'a>> {
    let mut pieces = Vec::new();
    let mut scanner = Scanner::default();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            scanner.tokens.push(Token::Piece(Inline::Break));
        }
        scanner.scan(line);
        if number + 1 == lines.len() || line.trim().is_empty() {
            let mut tokens = std::mem::take(&mut scanner).tokens;
            pair(&mut tokens);
            pieces.extend(build(tokens));
        }
    }
    pieces
}

/// Reads lines, from left to right and never back.
#[derive(Default)]
struct Scanner<'a> {
    tokens: Vec<Token<'a>>,
    line: &'a str,
    at: usize,
    /// Where the plain text begins that is not yet a token.
    from: usize,
    /// Open `[` of this line: their tokens, and where what they hold begins.
    brackets: Vec<(usize, usize)>,
    /// Whether a style may be open that ends with `_`.
    has_low_line: bool,
}

impl<'a> Scanner<'a> {
    fn scan(&mut self, line: &'a str) {
        (self.line, self.at, self.from) = (line, 0, 0);
        self.brackets.clear();
        while let Some(c) = self.rest().chars().next() {
            step(1);
            match c {
                '\\' => self.escape(),
                '`' => self.code(),
                '*' | '_' | '~' | '|' => self.run(c),
                '[' => self.open(),
                ']' => self.close(),
                '<' => self.angle(),
                '@' => self.mention(),
                c if c.is_ascii_alphanumeric() => self.word(),
                c => self.at += c.len_utf8(),
            }
        }
        self.flush();
    }

    fn rest(&self) -> &'a str {
        &self.line[self.at..]
    }

    /// The text up to here is a token.
    fn flush(&mut self) {
        if self.from < self.at {
            self.tokens.push(Token::Piece(Inline::Text(&self.line[self.from..self.at])));
        }
        self.from = self.at;
    }

    /// So many bytes from here are a token.
    fn take(&mut self, len: usize, token: Token<'a>) {
        self.flush();
        self.tokens.push(token);
        self.at += len;
        self.from = self.at;
    }

    /// A backslash goes, and the mark behind it is a sign like any other. It stays before everything else, as in paths
    /// and patterns, and so does the arm of ¯\_(ツ)_/¯.
    fn escape(&mut self) {
        let is_arm = self.line[..self.at].ends_with('¯');
        let is_mark = self.rest()[1..].starts_with(|c: char| "`*_~|[]<>@#".contains(c));
        if is_mark && !is_arm {
            self.flush();
            self.from += 1;
        }
        self.at += if is_mark { 2 } else { 1 };
    }

    /// Code ends with as many backticks as it began with.
    fn code(&mut self) {
        let rest = self.rest();
        let inside = rest.trim_start_matches('`');
        let fence = rest.len() - inside.len();
        step(fence);
        let Some(end) = closing(inside, fence) else {
            self.at += fence;
            return;
        };
        let code = &inside[..end];
        // One space at each side lets the code begin with a backtick.
        let bare = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
        let code = bare.filter(|code| !code.trim().is_empty()).unwrap_or(code);
        self.take(fence + end + fence, Token::Piece(Inline::Code(code)));
    }

    /// Signs of a style. What stands on both sides says whether they begin or end one: the rules of `CommonMark` 0.31,
    /// with the amendment for text that has no spaces between words.
    fn run(&mut self, sign: char) {
        let rest = self.rest();
        let len = rest.len() - rest.trim_start_matches(sign).len();
        step(len);
        let (before, behind) = (self.line[..self.at].chars().next_back(), rest[len..].chars().next());
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let is_mark = |c: Option<char>| c.is_some_and(is_punctuation);
        let is_far = |c: Option<char>| c.is_some_and(is_cjk);
        let hugs = |inner, outer| {
            !is_space(inner)
                && (!is_mark(inner) || is_far(inner) || is_space(outer) || is_mark(outer) || is_far(outer))
        };
        let (left, right) = (hugs(behind, before), hugs(before, behind));
        let (opens, closes) = match sign {
            '_' => (left && (!right || is_mark(before)), right && (!left || is_mark(behind))),
            '*' => (left, right),
            _ => (left && len == 2, right && len == 2),
        };
        self.has_low_line |= sign == '_' && opens;
        if opens || closes {
            let (ended, begun) = (Vec::new(), Vec::new());
            self.take(len, Token::Run(Run { text: &rest[..len], opens, closes, left: len, ended, begun }));
        } else {
            self.at += len;
        }
    }

    fn open(&mut self) {
        self.take(1, Token::Open(None));
        self.brackets.push((self.tokens.len() - 1, self.at));
    }

    /// A `]` makes a link of what stands before it if an address follows, and what stands there is no other address.
    fn close(&mut self) {
        let Some((open, from)) = self.brackets.pop() else {
            self.at += 1;
            return;
        };
        let shown = &self.line[from..self.at];
        match link::target(self.rest()) {
            Some((target, href)) if !shown.trim().is_empty() && (!shown.contains("://") || shown == href) => {
                self.take(target.len(), Token::Close(target));
                self.tokens[open] = Token::Open(Some(href));
                // No link stands in a link.
                self.brackets.clear();
            }
            _ => self.at += 1,
        }
    }

    fn angle(&mut self) {
        match link::angled(self.rest()) {
            Some((shown, href)) => self.link(shown.len() + 2, shown, href),
            None => self.at += 1,
        }
    }

    fn link(&mut self, len: usize, shown: &'a str, href: String) {
        self.take(len, Token::Piece(Inline::Link { href, inside: vec![Inline::Text(shown)] }));
    }

    /// Letters and digits, or the address that they begin.
    fn word(&mut self) {
        let rest = self.rest();
        if let Some(address) = link::web(rest) {
            self.link(address.len(), address, address.to_owned());
        } else if let Some(address) = link::mail(rest) {
            self.link(address.len(), address, format!("mailto:{address}"));
        } else {
            let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
            step(len);
            self.at += len;
        }
    }

    /// As many characters behind an `@` as a name may have. An `_` that may end a style is none of them.
    fn mention(&mut self) {
        let name = &self.rest()[1..];
        let is_in_word = self.line[..self.at].ends_with(|c: char| c.is_ascii_alphanumeric());
        let chars = name.char_indices().take_while(|(_, c)| is_in_name(*c)).take(NAME_CHARS);
        let end = chars.last().map_or(0, |(at, c)| at + c.len_utf8());
        step(end);
        let mut name = &name[..end];
        if self.has_low_line {
            name = name.trim_end_matches('_');
        }
        let is_name = name.starts_with(char::is_alphanumeric) && name.chars().count() >= 2;
        if is_name && !is_in_word {
            self.take(1 + name.len(), Token::Piece(Inline::Mention(name)));
        } else {
            self.at += 1;
        }
    }
}

/// Where so many backticks, no more and no fewer, stand in a text.
fn closing(text: &str, fence: usize) -> Option<usize> {
    let mut at = 0;
    loop {
        let next = text[at..].find('`');
        step(next.unwrap_or(text.len() - at));
        at += next?;
        let len = text[at..].bytes().take_while(|byte| *byte == b'`').count();
        step(len);
        if len == fence {
            return Some(at);
        }
        at += len;
    }
}
