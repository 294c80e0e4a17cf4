//! The reader and the writer do what `serde_json` does, and no text is too hostile for the reader.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::{Raw, read, write};

/// Everything that our types are made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct All {
    text: String,
    numbers: Vec<u64>,
    below: i64,
    small: u8,
    is: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    maybe: Option<Box<All>>,
    by_number: BTreeMap<u64, One>,
    by_name: BTreeMap<String, (u16, Wrapped)>,
    nothing: (),
    sign: char,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum One {
    Alone,
    Holds(i64),
    Both(u8, String),
    Named { what: Option<bool> },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Wrapped(String);

fn all() -> impl Strategy<Value = All> {
    let one = prop_oneof![
        Just(One::Alone),
        any::<i64>().prop_map(One::Holds),
        any::<(u8, String)>().prop_map(|(one, two)| One::Both(one, two)),
        any::<Option<bool>>().prop_map(|what| One::Named { what }),
    ];
    let named = any::<BTreeMap<String, (u16, String)>>().prop_map(|named| {
        named.into_iter().map(|(name, (number, text))| (name, (number, Wrapped(text)))).collect()
    });
    let plain = any::<(String, Vec<u64>, i64, u8, bool, char)>();
    let leaf = (plain, prop::collection::btree_map(any::<u64>(), one, 0..4), named).prop_map(
        |((text, numbers, below, small, is, sign), by_number, by_name)| All {
            text,
            numbers,
            below,
            small,
            is,
            maybe: None,
            by_number,
            by_name,
            nothing: (),
            sign,
        },
    );
    (leaf.clone(), proptest::option::of(leaf))
        .prop_map(|(outer, inner)| All { maybe: inner.map(Box::new), ..outer })
}

/// Reads a text as several types. What is only passed over may be more than JSON, and is never less; but for halves of
/// characters in escapes, which nobody writes.
fn is_read_as_serde_json_reads_it(text: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(read::<All>(text).ok(), serde_json::from_str(text).ok());
    prop_assert_eq!(read::<Vec<i64>>(text).ok(), serde_json::from_str(text).ok());
    prop_assert_eq!(read::<Vec<Vec<String>>>(text).ok(), serde_json::from_str(text).ok());
    prop_assert_eq!(read::<BTreeMap<String, u8>>(text).ok(), serde_json::from_str(text).ok());
    prop_assert_eq!(read::<BTreeMap<u64, One>>(text).ok(), serde_json::from_str(text).ok());
    prop_assert_eq!(read::<Option<char>>(text).ok(), serde_json::from_str(text).ok());
    let is_passed = read::<IgnoredAny>(text).is_ok();
    let is_json = serde_json::from_str::<IgnoredAny>(text).is_ok();
    prop_assert!(is_passed || !is_json || text.contains("\\u"));
    prop_assert_eq!(read::<Raw>(text).is_ok(), is_passed);
    Ok(())
}

proptest! {
    #[test]
    fn it_writes_what_serde_json_writes_and_reads_it_again(value in all()) {
        let written = write(&value).unwrap();
        prop_assert_eq!(&written, &serde_json::to_string(&value).unwrap());
        prop_assert_eq!(read::<All>(&written).unwrap(), value.clone());
        let spaced = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(read::<All>(&spaced).unwrap(), value);
    }

    #[test]
    fn what_is_cut_off_or_changed_is_read_as_serde_json_reads_it(
        value in all(), at in any::<prop::sample::Index>(), sign in "[\\[\\]{},:\"\\\\0-9a-z -]?"
    ) {
        let mut text: Vec<char> = serde_json::to_string(&value).unwrap().chars().collect();
        let at = at.index(text.len());
        if let Some(sign) = sign.chars().next() { text[at] = sign } else { text.truncate(at) }
        let text: String = text.into_iter().collect();
        prop_assert_eq!(read::<All>(&text).ok(), serde_json::from_str(&text).ok(), "{}", text);
    }

    #[test]
    fn any_text_may_come(text in any::<String>()) {
        prop_assert_eq!(read::<Vec<String>>(&text).ok(), serde_json::from_str(&text).ok());
    }

    #[test]
    fn any_bytes_may_come(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        is_read_as_serde_json_reads_it(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_pieces_of_json_may_come(
        text in "([\\[\\]{},:\"]|\"[a-z]{0,2}\"|-?[0-9]{1,2}|[0-9]{18,21}|null|true|\\\\u[0-9a-f]{3,4}|\\\\.?|[ \n\t\u{1}é汉😀]){0,40}"
    ) {
        is_read_as_serde_json_reads_it(&text)?;
    }
}

#[test]
fn texts_are_read_with_all_their_escapes() {
    for text in [
        r#""""#,
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u4f60\u597D a\u0000b""#,
        r#""\ud83d\ude00""#,
        r#""\ud83d""#,
        r#""\ud83d\u0041""#,
        r#""\ude00""#,
        r#""\u+123""#,
        r#""\x""#,
        r#""\u12"#,
        r#""\ud83d\u""#,
        "\"a\nb\"",
        "\"\u{7f}\u{2028}\"",
        "\"",
    ] {
        assert_eq!(read::<String>(text).ok(), serde_json::from_str(text).ok(), "{text}");
    }
}

#[test]
fn numbers_are_whole_and_in_bounds() {
    for text in [
        "0",
        "-0",
        "00",
        "01",
        "-1",
        "--1",
        "255",
        "256",
        "1.0",
        "1e2",
        "+1",
        "",
        "-",
        "9999999999999999999999",
    ] {
        assert_eq!(read::<u8>(text).ok(), serde_json::from_str(text).ok(), "{text}");
    }
    for number in [i64::MIN, -1, 0, i64::MAX] {
        assert_eq!(read::<i64>(&number.to_string()), Ok(number));
    }
}

#[test]
fn what_is_newer_is_passed_over_and_what_is_missing_or_double_refused() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Known {
        one: u8,
    }
    for text in [
        r#"{"new":[{"a":"]}\"","b":[1.5e3,null,{}]},true],"one":1}"#,
        r#" { "one" : 1 , "more" : "x" } "#,
        r#"{"one":1,"one":1}"#,
        r#"{"one":1,}"#,
        r#"{"one":1}}"#,
        r#"{"one":1"#,
        r#"{"new":]"#,
        "{}",
        "null",
        "[]",
    ] {
        assert_eq!(read::<Known>(text).ok(), serde_json::from_str(text).ok(), "{text}");
    }
}

#[test]
fn a_storm_of_brackets_is_refused() {
    #[derive(Debug, Deserialize)]
    struct Deep(#[expect(dead_code, reason = "only read")] Vec<Deep>);
    assert!(read::<Deep>(&("[".repeat(100) + &"]".repeat(100))).is_ok());
    assert!(read::<Deep>(&"[".repeat(100_000)).is_err());
    assert!(read::<Deep>(&("[".repeat(200) + &"]".repeat(200))).is_err());
}

#[test]
fn what_is_passed_over_may_be_as_deep_as_it_likes() {
    #[derive(Debug, Deserialize)]
    struct Known {
        one: u8,
    }
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(read::<Known>(&format!(r#"{{"new":{deep},"one":1}}"#)).unwrap().one, 1);
    assert_eq!(&*read::<Raw>(&deep).unwrap().0, deep);
    assert!(read::<IgnoredAny>(&"{\"a\":[".repeat(100_000)).is_err());
}
