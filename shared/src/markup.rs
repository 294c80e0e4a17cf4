//! What people type, read as Markdown: text to a tree of nodes, never to HTML.
//!
//! Whatever is no markup stays text, letter by letter. The work grows with the length of the text and no faster, and the
//! tree is never deeper than [`MAX_DEPTH`] blocks and as many styles inside them.
//!
//! What chats do not need is absent: HTML, pictures, rules across the page, references, and sizes of headings. Line
//! breaks are kept. A line that is neither quoted nor indented ends a quote or a list.

mod block;
mod emoji;
mod inline;
mod letters;
mod link;
mod list;
mod pairing;
mod plain;
mod steps;
mod table;

#[cfg(test)]
mod tests;

pub use block::parse;
pub use emoji::is_emoji_only;
pub use plain::{excerpt, links, plain, walk};

/// How many blocks stand in each other at most, and how many styles.
pub const MAX_DEPTH: usize = 8;

/// A part of a message that stands by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block<'a> {
    /// Running text; line breaks and empty lines inside it are [`Inline::Break`].
    Paragraph(Vec<Inline<'a>>),
    /// A line behind `#`, drawn bold.
    Heading(Vec<Inline<'a>>),
    /// Lines between fences.
    Code {
        /// The word behind the opening fence; empty if there is none.
        language: &'a str,
        /// The lines, without the last line break.
        text: String,
    },
    /// Lines behind `>`.
    Quote(Vec<Block<'a>>),
    /// A list, ordered or not.
    List(Vec<Item<'a>>),
    /// Rows of cells.
    Table(Table<'a>),
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<'a> {
    /// The number as it was typed, in an ordered list.
    pub number: Option<u32>,
    /// What stands behind the marker.
    pub blocks: Vec<Block<'a>>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table<'a> {
    /// How each column is aligned; a row may have more cells than this.
    pub align: Vec<Align>,
    /// All rows, of which the first is the head.
    pub rows: Vec<Vec<Vec<Inline<'a>>>>,
}

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the side where lines begin.
    Start,
    /// In the middle.
    Center,
    /// At the side where lines end.
    End,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline<'a> {
    /// Plain text.
    Text(&'a str),
    /// The end of a line.
    Break,
    /// Code in a line.
    Code(&'a str),
    /// An address to open: `http`, `https` or `mailto`, and nothing else.
    Link {
        /// Where it leads.
        href: String,
        /// What stands in the message; no link is in there.
        inside: Vec<Inline<'a>>,
    },
    /// What stands behind an `@`: it begins with a name, if anybody is called so ([`crate::mention::whom`]).
    Mention(&'a str),
    /// Text in a style.
    Styled(Style, Vec<Inline<'a>>),
}

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `**bold**` or `__bold__`.
    Strong,
    /// `*italic*` or `_italic_`.
    Emphasis,
    /// `~~struck~~`.
    Struck,
    /// `||hidden||` until somebody looks.
    Spoiler,
}
