//! Running text as pieces to be drawn as nodes: never as HTML.

use linkify::{LinkFinder, LinkKind};

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text, line breaks included.
    Text(&'a str),
    /// An address to open: `http`, `https` or `mailto`, and nothing else.
    Link {
        /// What stands in the message.
        text: &'a str,
        /// Where it leads.
        href: String,
    },
}

/// The pieces of a text, in order; together they are the text, whole and unchanged.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut finder = LinkFinder::new();
    // Otherwise a link swallows the Chinese that follows it without a space.
    finder.url_can_be_iri(false);
    finder
        .spans(text)
        .map(|span| match span.kind() {
            Some(LinkKind::Url) if is_web(span.as_str()) => {
                Piece::Link { text: span.as_str(), href: span.as_str().to_owned() }
            }
            Some(LinkKind::Email) => {
                Piece::Link { text: span.as_str(), href: format!("mailto:{}", span.as_str()) }
            }
            _ => Piece::Text(span.as_str()),
        })
        .collect()
}

fn is_web(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// Most characters of a text that is looked at as nothing but emoji: some six, with their joiners.
const EMOJI_CHARS: usize = 42;

/// Whether a text is a few emoji and nothing else, to be drawn large.
pub fn is_emoji_only(text: &str) -> bool {
    let text = text.trim();
    let few = text.chars().take(EMOJI_CHARS + 1).count() <= EMOJI_CHARS;
    few && text.chars().any(is_pictograph) && text.chars().all(|c| is_pictograph(c) || is_emoji_part(c))
}

/// The blocks that hold what Unicode shows as a picture by default.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{1f1e6}'..='\u{1f1ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}'
        | '\u{2b55}' | '\u{23e9}'..='\u{23f3}' | '\u{231a}' | '\u{231b}' | '\u{1f004}' | '\u{1f0cf}')
}

/// Joiner, variation selector, skin tones (inside the pictographs), tags of flags, and space between two emoji.
fn is_emoji_part(c: char) -> bool {
    matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{20e3}' | '\u{e0020}'..='\u{e007f}' | ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<String> {
        let whole: String = pieces(text)
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Link { text, .. } => *text,
            })
            .collect();
        assert_eq!(whole, text, "nothing is lost");
        let href = |piece| match piece {
            Piece::Link { href, .. } => Some(href),
            Piece::Text(_) => None,
        };
        pieces(text).into_iter().filter_map(href).collect()
    }

    #[test]
    fn a_link_ends_where_chinese_begins() {
        assert_eq!(links("看 https://example.com/a，然后回复"), ["https://example.com/a"]);
        assert_eq!(links("在https://example.com/路上"), ["https://example.com/"]);
        assert_eq!(links("(see http://example.com/x_(y))."), ["http://example.com/x_(y)"]);
        assert_eq!(links("write to lin@example.org!"), ["mailto:lin@example.org"]);
    }

    #[test]
    fn nothing_but_the_web_and_mail_is_a_link() {
        for text in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.com/a"] {
            assert_eq!(links(text), Vec::<String>::new(), "for {text}");
        }
    }

    #[test]
    fn a_few_emoji_are_drawn_large() {
        for text in ["🎉🎉", "👩‍👩‍👧‍👦", "❤️", "👍🏽 🚀", "🇨🇳"] {
            assert!(is_emoji_only(text), "for {text}");
        }
        for text in ["hi 🎉", "42", "好", "", "🎉".repeat(60).as_str()] {
            assert!(!is_emoji_only(text), "for {text}");
        }
    }
}
