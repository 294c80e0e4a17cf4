//! All emoji, from the file that the client loads when they are first wanted: `frontend/assets/emoji.txt`.

use crate::case::lower;

/// One emoji. Its texts are the file's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emoji<'a> {
    /// The emoji, with `*` where a skin tone goes: what it is known by.
    pub template: &'a str,
    /// What it is called, in English and in Chinese.
    pub names: [&'a str; 2],
    codes: &'a str,
    words: [&'a str; 2],
}

/// How the skin of people looks; the first is no tone at all.
pub const TONES: [&str; 6] = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"];

/// What one tap reacts with.
pub const QUICK_REACTIONS: [&str; 6] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

impl<'a> Emoji<'a> {
    /// The emoji as it is written with one of [`TONES`].
    pub fn with_tone(&self, tone: &str) -> String {
        self.template.replace('*', tone)
    }

    /// Its shortcodes, the best known first. The name is the last one.
    pub fn codes(&self) -> impl Iterator<Item = String> + 'a {
        let of_name = lower(self.names[0]).replace(' ', "_");
        split(self.codes).map(str::to_owned).chain(Some(of_name))
    }

    /// How well it fits one word, which is in lower case.
    fn fit(&self, word: &str) -> Option<u8> {
        let [english, chinese] = self.names;
        let english = lower(english);
        let of_codes = split(self.codes).filter_map(|code| part(code, word)).max();
        let of_names = [part(&english, word), part(chinese, word)].into_iter().flatten().max();
        let of_words =
            self.words.iter().flat_map(|words| split(words)).filter_map(|one| part(one, word)).max();
        // Of two that fit alike, what it is called counts more than what it is for.
        let weigh = |fit: Option<u8>, weight| fit.map(|fit| fit * 2 + weight);
        [weigh(of_codes, 1), weigh(of_names, 1), weigh(of_words, 0)].into_iter().flatten().max()
    }
}

/// The whole (3), the beginning (2), the beginning of a word, or any part of a Chinese one (1).
fn part(text: &str, word: &str) -> Option<u8> {
    let at = text.find(word)?;
    let stands = |at: usize| !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    match at {
        0 if text.len() == word.len() => Some(3),
        0 => Some(2),
        _ => text.match_indices(word).any(|(at, _)| stands(at)).then_some(1),
    }
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').filter(|item| !item.is_empty())
}

/// One group of emoji.
#[derive(Debug)]
pub struct Group<'a> {
    /// What the file calls it.
    pub name: &'a str,
    /// In the order of Unicode.
    pub emoji: Vec<Emoji<'a>>,
}

/// All groups of the file, in its order. A line that cannot be read is left out.
pub fn groups(file: &str) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for line in file.lines() {
        if let Some(name) = line.strip_prefix('=') {
            groups.push(Group { name, emoji: Vec::new() });
        } else if let (Some(group), Some(emoji)) = (groups.last_mut(), emoji(line)) {
            group.emoji.push(emoji);
        }
    }
    groups
}

fn emoji(line: &str) -> Option<Emoji<'_>> {
    let mut parts = line.split('\t');
    let (template, english, chinese) = (parts.next()?, parts.next()?, parts.next()?);
    let mut rest = || parts.next().unwrap_or_default();
    Some(Emoji { template, names: [english, chinese], codes: rest(), words: [rest(), rest()] })
}

/// Those that every word of a query fits, the best first, at most `limit`.
pub fn search<'a>(groups: &[Group<'a>], query: &str, limit: usize) -> Vec<Emoji<'a>> {
    let query = lower(query).replace('_', " ");
    let words: Vec<&str> = query.split_whitespace().collect();
    // Of those that fit alike the one with the shortest name is the plainest.
    let fit = |emoji: &Emoji<'a>| {
        let fit = words.iter().map(|word| emoji.fit(word)).min().flatten()?;
        Some((fit, usize::MAX - emoji.names.concat().len()))
    };
    best(groups, limit, fit)
}

/// Those with a shortcode that begins so, the shortest first, at most `limit`.
pub fn with_code<'a>(groups: &[Group<'a>], code: &str, limit: usize) -> Vec<(Emoji<'a>, String)> {
    let code = lower(code);
    let found = best(groups, limit, |emoji| {
        let shortest = emoji.codes().filter(|one| one.starts_with(&code)).map(|one| one.len()).min()?;
        Some(usize::MAX - shortest)
    });
    let with = |emoji: Emoji<'a>| {
        let shown = emoji.codes().filter(|one| one.starts_with(&code)).min_by_key(String::len);
        shown.map(|shown| (emoji, shown))
    };
    found.into_iter().filter_map(with).collect()
}

fn best<'a, S: Ord>(
    groups: &[Group<'a>],
    limit: usize,
    fit: impl Fn(&Emoji<'a>) -> Option<S>,
) -> Vec<Emoji<'a>> {
    let all = groups.iter().flat_map(|group| &group.emoji);
    let mut found: Vec<(S, Emoji<'a>)> = all.filter_map(|emoji| Some((fit(emoji)?, *emoji))).collect();
    found.sort_by(|(one, _), (other, _)| other.cmp(one));
    found.truncate(limit);
    found.into_iter().map(|(_, emoji)| emoji).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = include_str!("../../frontend/assets/emoji.txt");

    fn found(query: &str) -> Vec<String> {
        search(&groups(FILE), query, 24).iter().map(|emoji| emoji.with_tone("")).collect()
    }

    #[test]
    fn the_file_has_every_group_and_nothing_that_cannot_be_read() {
        let groups = groups(FILE);
        let names: Vec<&str> = groups.iter().map(|group| group.name).collect();
        assert_eq!(
            names,
            ["faces", "people", "nature", "food", "play", "travel", "things", "signs", "flags"]
        );
        let count: usize = groups.iter().map(|group| group.emoji.len()).sum();
        assert_eq!(count + groups.len(), FILE.lines().count());
        for emoji in groups.iter().flat_map(|group| &group.emoji) {
            assert!(emoji.names.iter().all(|name| !name.is_empty()), "{emoji:?}");
            assert!(!emoji.with_tone(TONES[3]).contains('*'), "{emoji:?}");
        }
    }

    #[test]
    fn each_language_finds_it() {
        for (query, expected) in [
            ("笑", "😂"),
            ("smile", "😄"),
            ("锅", "🍲"),
            ("thumbs", "👍"),
            ("+1", "👍"),
            ("心", "❤️"),
            ("red heart", "❤️"),
            ("红包", "🧧"),
            ("tada", "🎉"),
            ("庆祝", "🎉"),
            ("china", "🇨🇳"),
            ("中国", "🇨🇳"),
            ("OK", "👌"),
        ] {
            let found = found(query);
            assert!(found.iter().any(|emoji| emoji == expected), "{query} finds {found:?}");
        }
        assert!(found("xyzzy").is_empty());
        assert_eq!(found("smile")[0], "😄");
        assert_eq!(found("heart")[0], "❤️");
    }

    #[test]
    fn shortcodes_complete_to_the_shortest_first() {
        let groups = groups(FILE);
        let complete = |code: &str| -> Vec<(String, String)> {
            let found = with_code(&groups, code, 3);
            found.into_iter().map(|(emoji, code)| (emoji.with_tone(""), code)).collect()
        };
        assert_eq!(complete("smile")[0], ("😄".to_owned(), "smile".to_owned()));
        assert_eq!(complete("+1")[0].0, "👍");
        assert_eq!(complete("TAD")[0], ("🎉".to_owned(), "tada".to_owned()));
        assert!(complete("nothing_like_it").is_empty());
    }

    #[test]
    fn a_tone_goes_where_it_belongs() {
        let groups = groups(FILE);
        let toned = |code: &str| with_code(&groups, code, 1)[0].0.with_tone(TONES[5]);
        assert_eq!(toned("wave"), "👋🏿");
        assert_eq!(toned("people_holding_hands"), "🧑🏿‍🤝‍🧑🏿");
        assert_eq!(toned("smile"), "😄");
    }

    #[test]
    fn the_quick_ones_are_emoji() {
        let all = groups(FILE);
        let plain: Vec<String> =
            all.iter().flat_map(|group| &group.emoji).map(|emoji| emoji.with_tone("")).collect();
        assert!(QUICK_REACTIONS.iter().all(|quick| plain.iter().any(|emoji| emoji == quick)));
    }
}
