//! Whom a text calls: `@name` with a sign-in name, and words for everybody and for those here.

use crate::id::UserId;
use crate::markup::{Inline, parse, walk};
use crate::message::MENTIONED;
use crate::text::NAME_CHARS;

/// Words that call everybody in a conversation.
pub const EVERYBODY: [&str; 3] = ["everyone", "all", "所有人"];
/// Words that call whoever is connected.
pub const HERE: [&str; 2] = ["here", "在线"];
/// Most names looked up for one text: a text full of `@` must not cost more than its length.
const LOOKED_UP: usize = 200;

/// Whom a text calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Called {
    /// By name, each once, in the order of the text.
    pub users: Vec<UserId>,
    /// Everybody.
    pub everybody: bool,
    /// Those here.
    pub here: bool,
}

/// What stands behind an `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom<T> {
    /// Somebody.
    One(T),
    /// Everybody.
    Everybody,
    /// Those here.
    Here,
}

/// Whether a sign-in name calls more than one person, so that nobody may have it.
pub fn is_reserved(name: &str) -> bool {
    EVERYBODY.contains(&name) || HERE.contains(&name)
}

/// Whom a text calls; `find` says who has a sign-in name. What stands in code calls nobody.
pub fn called(text: &str, mut find: impl FnMut(&str) -> Option<UserId>) -> Called {
    let mut called = Called::default();
    let mut left = LOOKED_UP;
    walk(&parse(text), &mut |piece| {
        let Inline::Mention(candidate) = piece else { return };
        let found = whom(candidate, |name| {
            left = left.checked_sub(1)?;
            find(name)
        });
        match found {
            Some((_, Whom::Everybody)) => called.everybody = true,
            Some((_, Whom::Here)) => called.here = true,
            Some((_, Whom::One(user))) if !called.users.contains(&user) && called.users.len() < MENTIONED => {
                called.users.push(user);
            }
            _ => {}
        }
    });
    called
}

/// Whether the `@` at `at` belongs to an address of mail or the like.
pub fn is_within_word(text: &str, at: usize) -> bool {
    text[..at]
        .chars()
        .next_back()
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '+'))
}

/// Whom the text that stands behind an `@` names, and how many bytes of it that takes. A name may be followed at once by
/// Chinese, which could be a part of it: the longest name that somebody has counts.
pub fn whom<T>(text: &str, mut find: impl FnMut(&str) -> Option<T>) -> Option<(usize, Whom<T>)> {
    let is_of_name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    let mut ends: Vec<usize> = Vec::new();
    let mut end = 0;
    for c in text.chars().take(NAME_CHARS).take_while(is_of_name) {
        // Within a Latin word no name ends.
        let next = text[end + c.len_utf8()..].chars().next();
        end += c.len_utf8();
        let goes_on =
            c.is_ascii_alphanumeric() && next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_');
        if !goes_on {
            ends.push(end);
        }
    }
    ends.into_iter().rev().find_map(|end| {
        let name = text[..end].to_lowercase();
        let whom = if EVERYBODY.contains(&name.as_str()) {
            Whom::Everybody
        } else if HERE.contains(&name.as_str()) {
            Whom::Here
        } else {
            Whom::One(find(&name)?)
        };
        Some((end, whom))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, users: &[u64], everybody: bool, here: bool) {
        let find = |name: &str| match name {
            "lin" => Some(1),
            "张三" => Some(2),
            "lin.wen" => Some(3),
            "张" => Some(4),
            _ => None,
        };
        let called = called(text, |name| find(name).map(|id: u64| id.try_into().unwrap()));
        let found: Vec<u64> = called.users.iter().map(|user| user.get()).collect();
        assert_eq!((found.as_slice(), called.everybody, called.here), (users, everybody, here), "in {text}");
    }

    #[test]
    fn names_are_found_beside_chinese_and_the_longest_counts() {
        check("@lin 你好", &[1], false, false);
        check("看@张三在吗", &[2], false, false);
        check("@张三", &[2], false, false);
        check("@张四", &[4], false, false);
        check("@lin你好，@lin.wen。@LIN.", &[1, 3], false, false);
        check("@linda @lin_ @nobody", &[], false, false);
    }

    #[test]
    fn words_call_everybody_and_those_here() {
        check("@all", &[], true, false);
        check("@所有人，开会", &[], true, false);
        check("@Everyone and @here", &[], true, true);
        check("@在线的", &[], false, true);
        check("@hereby @allan", &[], false, false);
    }

    #[test]
    fn addresses_and_code_call_nobody() {
        check("mail lin@lin.example", &[], false, false);
        check("`@lin` and\n```\n@张三\n```", &[], false, false);
        check("a ` alone @lin", &[1], false, false);
        check("> ||@lin||\n- **@张三**", &[1, 2], false, false);
    }

    #[test]
    fn a_storm_of_marks_is_bounded() {
        let mut asked = 0;
        called(&"@张张张张张张张张".repeat(444), |_| {
            asked += 1;
            None
        });
        assert!(asked <= LOOKED_UP);
    }
}
