//! A message as one line of plain text, and what else is asked of its tree.

use std::ops::Range;

use super::steps::step;
use super::{Block, Inline, Style, parse};

/// What stands for each character that is hidden, and at most how often.
const HIDDEN: &str = "▇▇▇▇▇▇▇▇";

/// Up to `chars` characters of a text on one line, without its marks; what is hidden stays hidden.
pub fn plain(text: &str, chars: usize) -> String {
    let mut line = Line::new(chars);
    line.blocks(&parse(text));
    line.text
}

/// How many characters of an excerpt stand before the first mark, at most.
const BEFORE: usize = 8;

/// About `chars` characters of a text around the first of its marks, as [`plain`] writes it: pieces, and whether they are
/// marked. A mark is the first character and how many, in the order of the text. What is hidden or a block of code shows
/// no mark.
pub fn excerpt(text: &str, marks: &[(u32, u32)], chars: usize) -> Vec<(String, bool)> {
    let marks = bytes_of(text, marks);
    let mut line = Line::new(usize::MAX);
    line.source = Some(Source { from: text.as_ptr().addr(), places: Vec::new() });
    line.blocks(&parse(text));
    let places = line.source.map(|source| source.places).unwrap_or_default();
    let is_marked = |place: &usize| marks.iter().any(|mark| mark.contains(place));
    let first = places.iter().position(is_marked).unwrap_or(0);
    let from = first.saturating_sub(BEFORE);
    let mut pieces: Vec<(String, bool)> = Vec::new();
    if from > 0 {
        pieces.push(("…".to_owned(), false));
    }
    for (c, place) in line.text.chars().zip(&places).skip(from).take(chars) {
        match pieces.last_mut() {
            Some((piece, marked)) if *marked == is_marked(place) => piece.push(c),
            _ => pieces.push((c.to_string(), is_marked(place))),
        }
    }
    pieces
}

/// Ranges of characters as ranges of bytes.
fn bytes_of(text: &str, marks: &[(u32, u32)]) -> Vec<Range<usize>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let byte = |at: u32| starts.get(at as usize).copied().unwrap_or(text.len());
    marks.iter().map(|(from, count)| byte(*from)..byte(from.saturating_add(*count))).collect()
}

/// Where the links of a text lead, in order.
pub fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    walk(&parse(text), &mut |piece| {
        if let Inline::Link { href, .. } = piece {
            found.push(href.clone());
        }
    });
    found
}

/// Shows every piece, the outer before the inner ones, in order.
pub fn walk<'a>(blocks: &[Block<'a>], see: &mut impl FnMut(&Inline<'a>)) {
    for block in blocks {
        match block {
            Block::Paragraph(pieces) | Block::Heading(pieces) => walk_pieces(pieces, see),
            Block::Quote(blocks) => walk(blocks, see),
            Block::List(items) => items.iter().for_each(|item| walk(&item.blocks, see)),
            Block::Table(table) => table.rows.iter().flatten().for_each(|cell| walk_pieces(cell, see)),
            Block::Code { .. } => {}
        }
    }
}

fn walk_pieces<'a>(pieces: &[Inline<'a>], see: &mut impl FnMut(&Inline<'a>)) {
    for piece in pieces {
        see(piece);
        if let Inline::Link { inside, .. } | Inline::Styled(_, inside) = piece {
            walk_pieces(inside, see);
        }
    }
}

struct Line {
    text: String,
    /// How many more characters there may be.
    left: usize,
    /// Whether a space belongs before what comes next.
    is_gap: bool,
    /// Where it was taken from, for whom that matters.
    source: Option<Source>,
}

/// Where the characters of a line stand in the text that they were taken from.
struct Source {
    /// The address of that text.
    from: usize,
    /// For each character how many bytes stand before it; far behind the end for what was added.
    places: Vec<usize>,
}

impl Line {
    fn new(chars: usize) -> Self {
        Self { text: String::new(), left: chars, is_gap: false, source: None }
    }

    fn blocks(&mut self, blocks: &[Block<'_>]) {
        for block in blocks {
            step(1);
            self.is_gap = true;
            match block {
                Block::Paragraph(pieces) | Block::Heading(pieces) => self.pieces(pieces),
                Block::Code { text, .. } => self.push(text),
                Block::Quote(blocks) => self.blocks(blocks),
                Block::List(items) => {
                    for item in items {
                        self.is_gap = true;
                        match item.number {
                            Some(number) => self.push(&format!("{number}.")),
                            None => self.push("•"),
                        }
                        self.blocks(&item.blocks);
                    }
                }
                Block::Table(table) => {
                    for cell in table.rows.iter().flatten() {
                        self.is_gap = true;
                        self.pieces(cell);
                    }
                }
            }
        }
    }

    fn pieces(&mut self, pieces: &[Inline<'_>]) {
        for piece in pieces {
            step(1);
            match piece {
                Inline::Text(text) | Inline::Code(text) => self.push(text),
                Inline::Break => self.is_gap = true,
                Inline::Mention(name) => {
                    self.push("@");
                    self.push(name);
                }
                Inline::Styled(Style::Spoiler, inside) => {
                    let mut hidden = Self::new(HIDDEN.len() / '▇'.len_utf8());
                    hidden.pieces(inside);
                    let count = hidden.text.chars().count().max(1);
                    self.push(&HIDDEN[..count * '▇'.len_utf8()]);
                }
                Inline::Link { inside, .. } | Inline::Styled(_, inside) => self.pieces(inside),
            }
        }
    }

    /// Space of any sort and length is one space.
    fn push(&mut self, text: &str) {
        for (at, c) in text.char_indices() {
            step(1);
            if c.is_whitespace() {
                self.is_gap = true;
                continue;
            }
            let is_gap = std::mem::take(&mut self.is_gap) && !self.text.is_empty();
            let takes = if is_gap { 2 } else { 1 };
            if self.left < takes {
                self.left = 0;
                return;
            }
            self.left -= takes;
            if is_gap {
                self.text.push(' ');
            }
            self.text.push(c);
            if let Some(source) = &mut self.source {
                source.places.extend(is_gap.then_some(usize::MAX));
                // What is no part of that text comes out before or behind it.
                source.places.push((text.as_ptr().addr() + at).wrapping_sub(source.from));
            }
        }
    }
}
