//! Lines to blocks.

use super::inline::inlines;
use super::list::list;
use super::steps::step;
use super::table::table;
use super::{Block, MAX_DEPTH};

/// A block, and how many lines it took.
pub(super) type Taken<'a> = Option<(Block<'a>, usize)>;

/// The blocks of a text, in order.
pub fn parse(text: &str) -> Vec<Block<'_>> {
    blocks(&text.lines().collect::<Vec<_>>(), 0)
}

/// The blocks of lines that stand `depth` blocks deep.
pub(super) fn blocks<'a>(lines: &[&'a str], depth: usize) -> Vec<Block<'a>> {
    let mut found = Vec::new();
    // The lines from `from` to `at` are running text so far.
    let (mut from, mut at) = (0, 0);
    while at < lines.len() {
        step(1);
        let is_in_text = from < at && !is_blank(lines[at - 1]);
        match block(&lines[at..], depth, is_in_text) {
            Some((block, count)) => {
                found.extend(paragraph(&lines[from..at]));
                found.push(block);
                at += count;
                from = at;
            }
            None => at += 1,
        }
    }
    found.extend(paragraph(&lines[from..]));
    found
}

/// What begins with the first of these lines, if it is not running text.
fn block<'a>(lines: &[&'a str], depth: usize, is_in_text: bool) -> Taken<'a> {
    if depth == MAX_DEPTH || is_blank(lines[0]) {
        return None;
    }
    let (indent, line) = indent_of(lines[0]);
    if indent > 3 {
        return None;
    }
    match line.as_bytes()[0] {
        b'`' | b'~' => code(lines),
        b'>' => quote(lines, depth),
        b'#' => heading(line),
        _ => list(lines, depth, is_in_text),
    }
    .or_else(|| table(lines))
}

pub(super) fn is_blank(line: &str) -> bool {
    let rest = line.trim_start();
    step(1 + line.len() - rest.len());
    rest.is_empty()
}

/// How far a line is indented, a tab as four spaces, and what stands behind that.
pub(super) fn indent_of(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches([' ', '\t']);
    let space = &line[..line.len() - rest.len()];
    step(1 + space.len());
    (space.bytes().map(|byte| if byte == b'\t' { 4 } else { 1 }).sum(), rest)
}

/// Running text without the empty lines around it.
fn paragraph<'a>(lines: &[&'a str]) -> Option<Block<'a>> {
    let first = lines.iter().position(|line| !is_blank(line))?;
    let last = lines.iter().rposition(|line| !is_blank(line))?;
    Some(Block::Paragraph(inlines(&lines[first..=last])))
}

/// A short line behind one to six `#` and a space; without the space it is a tag.
fn heading(line: &str) -> Taken<'_> {
    let text = line.trim_start_matches('#');
    step(line.len() - text.len());
    let is_heading = line.len() - text.len() <= 6 && text.starts_with(' ') && !is_blank(text);
    is_heading.then(|| (Block::Heading(inlines(&[text.trim()])), 1))
}

/// Everything from one fence to the next, or to the end.
fn code<'a>(lines: &[&'a str]) -> Taken<'a> {
    let (indent, open) = indent_of(lines[0]);
    let sign = open.chars().next()?;
    let info = open.trim_start_matches(sign);
    let fence = &open[..open.len() - info.len()];
    if fence.len() < 3 || info.contains('`') {
        return None;
    }
    let mut text = String::new();
    let mut count = 1;
    for line in &lines[1..] {
        count += 1;
        step(line.len());
        let bare = line.trim_end();
        let before = bare.trim_end_matches(sign);
        let is_end = bare.len() - before.len() >= fence.len();
        if is_end && is_blank(before) {
            break;
        }
        // Many close the fence behind the last line of code.
        let line = if is_end { before } else { *line };
        text.push_str(unindented(line, indent));
        text.push('\n');
        if is_end {
            break;
        }
    }
    text.pop();
    let language = info.split_whitespace().next().unwrap_or_default();
    Some((Block::Code { language, text }, count))
}

/// A line without up to so many columns of space.
pub(super) fn unindented(line: &str, columns: usize) -> &str {
    let mut left = columns;
    let space = line.bytes().take_while(|byte| {
        let width = if *byte == b'\t' { 4 } else { 1 };
        let goes = left > 0 && matches!(byte, b' ' | b'\t');
        left = left.saturating_sub(width);
        goes
    });
    &line[space.count()..]
}

/// Lines behind `>`.
fn quote<'a>(lines: &[&'a str], depth: usize) -> Taken<'a> {
    let inside: Vec<_> = lines.iter().map_while(|line| quoted(line)).collect();
    (!inside.is_empty()).then(|| (Block::Quote(blocks(&inside, depth + 1)), inside.len()))
}

/// What stands behind the `>` of a line. A face (`>_<`, `>:(`) or "more than" (`>100人`) is no quote.
fn quoted(line: &str) -> Option<&str> {
    let (indent, line) = indent_of(line);
    let inside = line.strip_prefix('>').filter(|_| indent <= 3)?;
    let is_face = inside.len() <= 4 && inside.ends_with('<');
    let is_sign = inside.starts_with(|c: char| {
        c.is_ascii_digit() || matches!(c, '_' | ':' | ';' | '.' | '=' | '-' | '<' | '^')
    });
    (!is_face && !is_sign).then(|| inside.strip_prefix(' ').unwrap_or(inside))
}
