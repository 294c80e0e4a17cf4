//! A line of each language, and that nothing is lost.

use proptest::prelude::*;

use super::*;

const EVERY: [&str; 13] =
    ["rust", "ts", "py", "go", "java", "C++", "sh", "SQL", "json", "html", "css", "yaml", "toml"];

/// The pieces as one line: `c` comment, `q` quoted, `n` number, `k` keyword, `f` name.
fn shown(name: &str, code: &str) -> String {
    let piece = |(kind, text): (Kind, &str)| match kind {
        Kind::Plain => text.to_owned(),
        Kind::Comment => format!("c«{text}»"),
        Kind::Quoted => format!("q«{text}»"),
        Kind::Number => format!("n«{text}»"),
        Kind::Keyword => format!("k«{text}»"),
        Kind::Name => format!("f«{text}»"),
    };
    pieces(name, code).unwrap().into_iter().map(piece).collect()
}

#[test]
fn each_language_is_coloured() {
    let cases = [
        (
            "rust",
            "fn f<'a>(c: &'a str) -> char { 'x' } // é",
            "k«fn» f<'a>(c: &'a k«str») -> k«char» { q«'x'» } c«// é»",
        ),
        (
            "rs",
            r#"let s = "a \" b"; let q = '\''; go(1_000);"#,
            r#"k«let» s = q«"a \" b"»; k«let» q = q«'\''»; f«go»(n«1_000»);"#,
        ),
        ("ts", "const a = `x\ny`; f('it')", "k«const» a = q«`x\ny`»; f«f»(q«'it'»)"),
        (
            "py",
            "def f():\n  '''a\n  b'''\n  return 0x1f # no",
            "k«def» f«f»():\n  q«'''a\n  b'''»\n  k«return» n«0x1f» c«# no»",
        ),
        ("go", "func main() { r := 'x' }", "k«func» f«main»() { r := q«'x'» }"),
        ("java", "int x = /* two\nlines */ 2;", "k«int» x = c«/* two\nlines */» n«2»;"),
        ("C++", "#include <a>\nbool b = true;", "#k«include» <a>\nk«bool» b = k«true»;"),
        ("sh", "echo \"$a#b\" a#b # c", "k«echo» q«\"$a#b\"» a#b c«# c»"),
        ("SQL", "select a FROM b -- c", "k«select» a k«FROM» b c«-- c»"),
        ("json", r#"{"a": [1.5, true]}"#, r#"{q«"a"»: [n«1.5», k«true»]}"#),
        (
            "html",
            "<!-- a --><p class=\"b\">don't \"x\"</p>",
            "c«<!-- a -->»<k«p» f«class»=q«\"b\"»>don't \"x\"</k«p»>",
        ),
        ("css", "a { color: red } /* b */", "a { f«color»: red } c«/* b */»"),
        ("yaml", "a: yes # b", "f«a»: k«yes» c«# b»"),
        ("toml", "a = \"b\"", "f«a» = q«\"b\"»"),
    ];
    for (name, code, expected) in cases {
        assert_eq!(shown(name, code), expected, "for {name}");
    }
    assert_eq!(pieces("brainfog", "+++"), None);
    assert_eq!(pieces("", "let x"), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sign_is_lost(code in "([a-z\"'`#/*<>=:!\\\\ \n(){}0-9-]|\\PC|/\\*|\"\"\"){0,60}") {
        for name in EVERY {
            let whole: String = pieces(name, &code).unwrap().into_iter().map(|(_, text)| text).collect();
            prop_assert_eq!(&whole, &code);
        }
    }
}
