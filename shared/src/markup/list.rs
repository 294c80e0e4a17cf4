//! Lists.

use super::block::{Taken, blocks, indent_of, is_blank, unindented};
use super::steps::step;
use super::{Block, Item};

/// What an item begins with.
struct Marker<'a> {
    /// How far the marker is indented.
    indent: usize,
    /// How far what belongs to the item is indented.
    width: usize,
    /// The bullet, or the sign behind the number: items of one list have the same.
    sign: u8,
    number: Option<u32>,
    /// What stands behind the marker.
    rest: &'a str,
}

/// A list that begins with the first of these lines. Inside running text a number begins one only if it is 1.
pub(super) fn list<'a>(lines: &[&'a str], depth: usize, is_in_text: bool) -> Taken<'a> {
    let first =
        marker(lines[0]).filter(|first| !is_in_text || first.number.is_none_or(|number| number == 1))?;
    let (indent, sign) = (first.indent, first.sign);
    let mut items = Vec::new();
    let mut at = 0;
    // Empty lines between two items belong to the list, those behind the last one do not.
    let mut end = 0;
    while let Some(line) = lines.get(at) {
        let Some(marker) = marker(line).filter(|marker| marker.sign == sign && marker.indent < indent + 2)
        else {
            break;
        };
        let (inside, count) = item(&lines[at..], &marker);
        items.push(Item { number: marker.number, blocks: blocks(&inside, depth + 1) });
        at += count;
        end = at;
        while lines.get(at).is_some_and(|line| is_blank(line)) {
            at += 1;
        }
    }
    Some((Block::List(items), end))
}

/// The lines of one item, and how many they are: what is indented below its marker belongs to it.
fn item<'a>(lines: &[&'a str], marker: &Marker<'a>) -> (Vec<&'a str>, usize) {
    let mut inside = vec![marker.rest];
    let mut count = 1;
    for line in &lines[1..] {
        step(1);
        let is_inside = indent_of(line).0 >= marker.indent + 2;
        if !is_blank(line) {
            if !is_inside {
                break;
            }
            count = inside.len() + 1;
        }
        inside.push(unindented(line, marker.width));
    }
    inside.truncate(count);
    (inside, count)
}

/// The marker of a line, if something stands behind it.
fn marker(line: &str) -> Option<Marker<'_>> {
    let (indent, text) = indent_of(line);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    step(digits);
    let sign = *text.as_bytes().get(digits)?;
    let is_marker = match digits {
        0 => matches!(sign, b'-' | b'*' | b'+'),
        // A number with zeros before it would not come back as it was typed.
        1..=9 => matches!(sign, b'.' | b')') && (digits == 1 || !text.starts_with('0')),
        _ => false,
    };
    if !is_marker || indent > 3 || is_rule(text) {
        return None;
    }
    let (space, rest) = indent_of(&text[digits + 1..]);
    let width = indent + digits + 1 + if space > 4 { 1 } else { space };
    (space > 0 && !rest.is_empty()).then(|| Marker {
        indent,
        width,
        sign,
        number: text[..digits].parse().ok(),
        rest,
    })
}

/// Whether a line is nothing but `---` or `* * *`; it is drawn as it was typed.
fn is_rule(line: &str) -> bool {
    let sign = line.as_bytes()[0];
    let mut count = 0;
    line.bytes().all(|byte| {
        step(1);
        count += usize::from(byte == sign);
        byte == sign || byte == b' '
    }) && count > 2
}
