//! What is found by what: the queries of `search.toml`, and rules that hold for any text.

use serde::Deserialize;
use shared::tokens::{TOKEN_CHARS, line, marks, phrases, tokens};
use unicode_normalization::UnicodeNormalization as _;

#[derive(Deserialize)]
struct Cases {
    message: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
    hit: Vec<String>,
    miss: Vec<String>,
}

/// Whether each phrase stands in a text, as an index of its tokens has it.
fn finds(query: &str, text: &str) -> bool {
    let phrases = phrases(query);
    !phrases.is_empty() && phrases.iter().all(|one| !marks(text, std::slice::from_ref(one), 1).is_empty())
}

#[test]
fn every_query_finds_what_it_must_and_nothing_else() {
    let cases: Cases = toml::from_str(include_str!("search.toml")).unwrap();
    let mut wrong = Vec::new();
    for Case { text, hit, miss } in &cases.message {
        wrong.extend(
            hit.iter().filter(|query| !finds(query, text)).map(|query| format!("{query} misses {text}")),
        );
        wrong.extend(
            miss.iter().filter(|query| finds(query, text)).map(|query| format!("{query} hits {text}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases.message.iter().map(|case| case.hit.len()).sum::<usize>() > 150);
}

/// Characters that texts are made of here: what people write, and what makes trouble.
const LETTERS: &str = "aZé9_- .,\n上海東东后後萬我かガｶﾞー한글\u{1112}\u{1161}\u{11ab}\u{301}\u{308}ẞİıßﬁ①👍🏽\u{200d}\u{fe0f}𠮷Ёйहि์ก\"“”";

/// Texts of up to 40 characters, the same in every run.
fn texts() -> impl Iterator<Item = String> {
    let letters: Vec<char> = LETTERS.chars().collect();
    let mut dice = fastrand::Rng::with_seed(7);
    (0..20_000).map(move |_| {
        let length = dice.usize(1..40);
        (0..length).map(|_| letters[dice.usize(..letters.len())]).collect()
    })
}

#[test]
fn a_token_is_short_not_empty_and_holds_nothing_that_parts_tokens() {
    for text in texts() {
        for token in tokens(&text) {
            assert!(!token.text.is_empty() && token.text.chars().count() <= TOKEN_CHARS, "{text:?}");
            let plain = |c: char| !c.is_ascii() || c.is_ascii_lowercase() || c.is_ascii_digit();
            assert!(token.text.chars().all(plain), "{text:?}: {token:?}");
            assert!(text.get(token.from.clone()).is_some_and(|from| !from.is_empty()), "{text:?}: {token:?}");
        }
    }
}

#[test]
fn however_a_text_is_normalized_its_tokens_are_the_same() {
    for text in texts() {
        let expected = line(&text);
        for form in [text.nfc().collect::<String>(), text.nfd().collect(), text.nfkc().collect()] {
            assert_eq!(line(&form), expected, "{text:?} as {form:?}");
        }
        assert_eq!(line(&expected), expected, "{text:?}");
    }
}

#[test]
fn a_text_is_found_by_itself_and_by_each_of_its_words_and_all_of_it_is_marked() {
    for text in texts() {
        let all = tokens(&text);
        let Some(last) = all.last() else { continue };
        // Quotes have a meaning in a query, and a query has a bound.
        let plain = text.replace(['"', '“', '”'], "");
        if all.len() < 32 && tokens(&plain) == all {
            assert!(finds(&plain, &text), "{text:?}");
        }
        for token in &all {
            assert!(finds(&token.text, &text), "{text:?}: {token:?}");
        }
        let whole: Vec<_> = all.iter().flat_map(|token| phrases(&token.text)).collect();
        let (first, many) = *marks(&text, &whole, usize::MAX).last().unwrap();
        let end = text[..last.from.end].chars().count();
        assert!(usize::try_from(first + many).unwrap() >= end, "{text:?}");
    }
}

#[test]
fn marks_say_where_in_characters_and_never_overlap() {
    let says = |text: &str, query: &str| marks(text, &phrases(query), 9);
    assert_eq!(says("我家在上海东边，上海！", "上海"), [(3, 2), (8, 2)]);
    assert_eq!(says("我家在上海东边", "家 上海 海东 "), [(1, 1), (3, 2)]);
    assert_eq!(says("Let us meet at the CAFÉ", "meet cafe"), [(7, 4), (19, 4)]);
    assert_eq!(says("𠮷上海", "上海"), [(1, 2)]);
    assert_eq!(says("ﾊﾞｽで", "バス"), [(0, 3)]);
    assert_eq!(says("aaa aaa", "aa"), [(0, 3), (4, 3)]);
    assert_eq!(says("of no interest", "上海"), []);
    let texts_and_marks = texts().map(|text| (says(&text, "a 上 海東"), text));
    for (marks, text) in texts_and_marks {
        assert!(marks.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0), "{text:?}: {marks:?}");
    }
}

#[test]
fn a_very_long_word_is_found_whole_and_by_its_beginning() {
    let word = "x".repeat(4_000);
    assert_eq!(line(&word).len(), TOKEN_CHARS);
    assert!(finds(&word, &word) && finds(&word[..100], &word) && finds("xxx", &word));
}

#[test]
fn a_query_of_nothing_but_signs_asks_for_nothing() {
    for query in ["", " ", "……", "\"\"", "_ - +", "\u{200b}"] {
        assert_eq!(phrases(query), [], "{query:?}");
    }
    let tokens: usize = phrases(&"的".repeat(500)).iter().map(|phrase| phrase.tokens.len()).sum();
    assert_eq!(tokens, 32);
}
