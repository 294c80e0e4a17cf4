//! What somebody types to search: words, and filters like `from:lin`.

use std::fmt;

use crate::id::Timestamp;

/// A query, taken apart. Its [`fmt::Display`] is a text that is taken apart the same way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What is to be found, without the filters.
    pub words: String,
    /// What it is to be found among, in the order typed.
    pub filters: Vec<Filter>,
}

/// One condition on what is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// `from:lin`: by this person.
    From(String),
    /// `in:大厅`: in this conversation.
    In(String),
    /// `before:2026-01-31`: before this day began.
    Before(Day),
    /// `after:2026-01-31`: since this day began.
    After(Day),
    /// `has:link`.
    HasLink,
    /// `has:file`.
    HasFile,
    /// `mentions:me`.
    MentionsMe,
}

/// A day of the calendar, from the year 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    date: u8,
}

impl Query {
    /// Takes a text apart. What looks like a filter and is none is words.
    pub fn of(text: &str) -> Self {
        let mut query = Self::default();
        let mut words: Vec<&str> = Vec::new();
        let mut rest = text;
        while let Some((piece, after)) = piece(rest) {
            match Filter::of(piece) {
                Some(filter) => query.filters.push(filter),
                None => words.push(piece),
            }
            rest = after;
        }
        query.words = words.join(" ");
        // A word that is ended by a space is whole: its beginning alone is not looked for.
        if text.ends_with(char::is_whitespace) && !query.words.is_empty() {
            query.words.push(' ');
        }
        query
    }
}

/// The next piece of a text between spaces, of which those between quotes do not count, and what follows it.
fn piece(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut is_quoted = false;
    let end = text.find(|c: char| {
        is_quoted ^= c == '"';
        c.is_whitespace() && !is_quoted
    });
    let (piece, rest) = text.split_at(end.unwrap_or(text.len()));
    (!piece.is_empty()).then_some((piece, rest))
}

impl Filter {
    /// Who writes Chinese has the wide colon at hand. `@` and `#` before a name are how it is written elsewhere.
    fn of(piece: &str) -> Option<Self> {
        let (key, value) = piece.split_once([':', '：'])?;
        let value = value.trim_start_matches(['@', '#']).trim_matches('"').trim();
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let is_value = |name: &str| value.eq_ignore_ascii_case(name);
        match () {
            () if value.is_empty() => None,
            () if is("from") => Some(Self::From(value.to_owned())),
            () if is("in") => Some(Self::In(value.to_owned())),
            () if is("before") => Day::of(value).map(Self::Before),
            () if is("after") => Day::of(value).map(Self::After),
            () if is("has") && is_value("link") => Some(Self::HasLink),
            () if is("has") && is_value("file") => Some(Self::HasFile),
            () if is("mentions") && is_value("me") => Some(Self::MentionsMe),
            () => None,
        }
    }
}

impl Day {
    /// `2026-01-31` or `2026/1/31`.
    pub fn of(text: &str) -> Option<Self> {
        let mut parts = text.split(['-', '/']);
        let year = parts.next()?.parse().ok().filter(|year| (1970..=9999).contains(year))?;
        let month = parts.next()?.parse().ok().filter(|month| (1..=12).contains(month))?;
        let date = parts.next()?.parse().ok().filter(|date| (1..=days(year, month)).contains(date))?;
        parts.next().is_none().then_some(Self { year, month, date })
    }

    /// When it begins where clocks are so many minutes ahead of UTC.
    pub fn begins(self, minutes_ahead: i32) -> Timestamp {
        let years: u64 = (1970..self.year).map(|year| if is_leap(year) { 366 } else { 365 }).sum();
        let months: u64 = (1..self.month).map(|month| u64::from(days(self.year, month))).sum();
        let minutes = (years + months + u64::from(self.date) - 1) * 24 * 60;
        Timestamp(minutes.saturating_add_signed(-i64::from(minutes_ahead)) * 60_000)
    }
}

fn days(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for filter in &self.filters {
            write!(f, "{filter} ")?;
        }
        f.write_str(&self.words)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::From(name) => write!(f, "from:{}", Quoted(name)),
            Self::In(title) => write!(f, "in:{}", Quoted(title)),
            Self::Before(day) => write!(f, "before:{day}"),
            Self::After(day) => write!(f, "after:{day}"),
            Self::HasLink => f.write_str("has:link"),
            Self::HasFile => f.write_str("has:file"),
            Self::MentionsMe => f.write_str("mentions:me"),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{:02}", self.year, self.month, self.date)
    }
}

/// A name, between quotes if it has a space.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains(char::is_whitespace) { write!(f, "\"{}\"", self.0) } else { f.write_str(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, words: &str, filters: &[Filter]) {
        let query = Query::of(text);
        assert_eq!((query.words.as_str(), query.filters.as_slice()), (words, filters), "{text:?}");
        assert_eq!(Query::of(&query.to_string()), query, "{text:?} as {query}");
    }

    fn day(text: &str) -> Day {
        Day::of(text).unwrap()
    }

    #[test]
    fn filters_are_taken_out_of_the_words_wherever_they_stand() {
        use Filter::{After, Before, From, HasFile, HasLink, In, MentionsMe};
        check(
            "from:lin in:大厅 before:2026-01-01 has:link 上海",
            "上海",
            &[From("lin".into()), In("大厅".into()), Before(day("2026-01-01")), HasLink],
        );
        check("上海 FROM:@林雯 东边", "上海 东边", &[From("林雯".into())]);
        check("in：#\"发布 releases\" 完成", "完成", &[In("发布 releases".into())]);
        check("after:2026/1/31 mentions:me has：FILE", "", &[After(day("2026-01-31")), MentionsMe, HasFile]);
        check(
            "\"two words\" from:\"Lin Wen\" open\"quote here",
            "\"two words\" open\"quote here",
            &[From("Lin Wen".into())],
        );
    }

    #[test]
    fn what_is_no_filter_is_words() {
        for text in [
            "from:",
            "has:wings",
            "https://example.com",
            "before:tomorrow",
            "before:2026-02-30",
            "a:b",
            ":",
            "time：now",
        ] {
            check(text, text, &[]);
        }
        check("word ", "word ", &[]);
        check("  ", "", &[]);
    }

    #[test]
    fn a_day_begins_where_its_people_are() {
        assert_eq!(day("1970-01-01").begins(0), Timestamp(0));
        assert_eq!(day("2026-01-31").begins(0), Timestamp(1_769_817_600_000));
        assert_eq!(day("2024-03-01").begins(480), Timestamp(1_709_222_400_000));
        assert_eq!(day("2000-02-29").begins(-60), Timestamp(951_786_000_000));
        assert_eq!(day("1970-01-01").begins(600), Timestamp(0));
        for wrong in
            ["2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-1", "2026-1-1-1", "1-1-2026", ""]
        {
            assert_eq!(Day::of(wrong), None, "{wrong}");
        }
    }
}
