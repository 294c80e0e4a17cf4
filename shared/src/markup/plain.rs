//! A message as one line of plain text, and what else is asked of its tree.

use super::steps::step;
use super::{Block, Inline, Style, parse};

/// What stands for each character that is hidden, and at most how often.
const HIDDEN: &str = "▇▇▇▇▇▇▇▇";

/// Up to `chars` characters of a text on one line, without its marks; what is hidden stays hidden.
pub fn plain(text: &str, chars: usize) -> String {
    let mut line = Line { text: String::new(), left: chars, is_gap: false };
    line.blocks(&parse(text));
    line.text
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
}

impl Line {
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
                    let mut hidden =
                        Self { text: String::new(), left: HIDDEN.len() / '▇'.len_utf8(), is_gap: false };
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
        for c in text.chars() {
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
        }
    }
}
