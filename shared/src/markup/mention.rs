//! Who is meant by an `@`.

use std::collections::BTreeSet;

use super::letters::is_cjk;
use super::plain::walk;
use super::{Inline, parse};

/// What an `@` means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mentioned {
    /// `@all`, `@everyone`, `@所有人`.
    All,
    /// `@here`, `@在线`.
    Here,
    /// Somebody, by sign-in name.
    Person(String),
}

/// All who are meant in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Whether everybody is.
    pub all: bool,
    /// Whether those are who are there.
    pub here: bool,
    /// Those who are named, by sign-in name.
    pub names: BTreeSet<String>,
}

/// Who is meant in a text, code left out. `is_name` says whether somebody has a sign-in name, which is in lower case.
pub fn mentions(text: &str, is_name: impl Fn(&str) -> bool) -> Mentions {
    let mut found = Mentions::default();
    walk(&parse(text), &mut |piece| {
        if let Inline::Mention(candidate) = piece {
            match resolve(candidate, &is_name) {
                Some((Mentioned::All, _)) => found.all = true,
                Some((Mentioned::Here, _)) => found.here = true,
                Some((Mentioned::Person(name), _)) => {
                    found.names.insert(name);
                }
                None => {}
            }
        }
    });
    found
}

/// Whose name stands at the beginning of what stands behind an `@`, and how many bytes it takes there. The longest
/// name counts, and no name ends inside a word: only beside a script without spaces can grammar not tell where a word
/// ends. Whoever completes a name puts a space behind it.
pub fn resolve(candidate: &str, is_name: impl Fn(&str) -> bool) -> Option<(Mentioned, usize)> {
    let ends: Vec<_> = candidate.char_indices().map(|(at, c)| at + c.len_utf8()).skip(1).collect();
    ends.into_iter().rev().filter(|end| is_boundary(candidate, *end)).find_map(|end| {
        let name = candidate[..end].to_lowercase();
        let mentioned = match name.as_str() {
            "all" | "everyone" | "所有人" => Mentioned::All,
            "here" | "在线" => Mentioned::Here,
            name if is_name(name) => Mentioned::Person(name.to_owned()),
            _ => return None,
        };
        Some((mentioned, end))
    })
}

/// Whether a name may end there.
fn is_boundary(text: &str, at: usize) -> bool {
    let (name, rest) = text.split_at(at);
    let next = rest.trim_start_matches(['_', '.', '-']).chars().next();
    name.ends_with(is_cjk) || next.is_none_or(is_cjk)
}
