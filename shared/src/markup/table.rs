//! Tables.

use super::block::{Taken, is_blank};
use super::inline::inlines;
use super::steps::step;
use super::{Align, Block, Inline, Table};

/// A table whose head is the first of these lines: the second one draws the line below it.
pub(super) fn table<'a>(lines: &[&'a str]) -> Taken<'a> {
    let head = lines[0];
    let below = lines.get(1)?;
    step(head.len() + below.len());
    if !head.contains('|') || !below.contains('-') {
        return None;
    }
    let align = cells(below).into_iter().map(align).collect::<Option<Vec<_>>>()?;
    if cells(head).len() != align.len() {
        return None;
    }
    let more = lines[2..].iter().take_while(|line| line.contains('|') && !is_blank(line));
    let rows: Vec<_> = [&head].into_iter().chain(more).map(|line| row(line, align.len())).collect();
    let count = rows.len() + 1;
    Some((Block::Table(Table { align, rows }), count))
}

/// How a column is aligned, if this is a cell of the line below the head.
fn align(cell: &str) -> Option<Align> {
    let dashes = cell.trim_matches(':');
    let (starts, ends) = (cell.starts_with(':'), cell.ends_with(':'));
    let is_line = !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-');
    let is_single = cell.len() - dashes.len() == usize::from(starts) + usize::from(ends);
    (is_line && is_single).then_some(match (starts, ends) {
        (true, true) => Align::Center,
        (false, true) => Align::End,
        (_, false) => Align::Start,
    })
}

/// The cells of a row: as many as there are columns, or more.
fn row(line: &str, columns: usize) -> Vec<Vec<Inline<'_>>> {
    let mut row: Vec<_> = cells(line).into_iter().map(|cell| inlines(&[cell])).collect();
    while row.len() < columns {
        row.push(Vec::new());
    }
    row
}

/// What stands between the bars; `\|` is no bar.
fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = Vec::new();
    let (mut from, mut is_escaped) = (0, false);
    for (at, byte) in line.bytes().enumerate() {
        step(1);
        if byte == b'|' && !is_escaped {
            cells.push(line[from..at].trim());
            from = at + 1;
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    if from < line.len() {
        cells.push(line[from..].trim());
    }
    cells
}
