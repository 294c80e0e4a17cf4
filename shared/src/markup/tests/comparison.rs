//! Where both know a thing, it is the same to us as to comrak, a whole `CommonMark` with GitHub's additions.

use comrak::nodes::{AstNode, ListType, NodeValue, TableAlignment};
use comrak::{Arena, Options};
use proptest::prelude::*;

use super::*;

fn theirs(text: &str) -> String {
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.spoiler = true;
    options.extension.cjk_friendly_emphasis = true;
    children(comrak::parse_document(&arena, text, &options), " ")
}

fn children<'a>(node: &'a AstNode<'a>, between: &str) -> String {
    node.children().map(one).collect::<Vec<_>>().join(between)
}

fn one<'a>(node: &'a AstNode<'a>) -> String {
    match &node.data.borrow().value {
        NodeValue::Paragraph => format!("p({})", children(node, "")),
        NodeValue::Heading(_) => format!("#({})", children(node, "")),
        NodeValue::BlockQuote => format!("q({})", children(node, " ")),
        NodeValue::List(list) => {
            let number = |at: usize| match list.list_type {
                ListType::Ordered => (list.start + at).to_string(),
                ListType::Bullet => String::new(),
            };
            let item =
                |(at, item): (usize, &'a AstNode<'a>)| format!("{}.({})", number(at), children(item, " "));
            format!("l({})", node.children().enumerate().map(item).collect::<Vec<_>>().join(" "))
        }
        NodeValue::CodeBlock(code) => {
            format!("code:{}({})", code.info, code.literal.trim_end_matches('\n').replace('\n', "⏎"))
        }
        NodeValue::Table(table) => {
            let align = table.alignments.iter().map(|align| match align {
                TableAlignment::None | TableAlignment::Left => '<',
                TableAlignment::Center => '=',
                TableAlignment::Right => '>',
            });
            format!("t{}({})", align.collect::<String>(), children(node, "⏎"))
        }
        NodeValue::TableRow(_) => children(node, "|"),
        NodeValue::TableCell => children(node, ""),
        NodeValue::Text(text) => text.to_string(),
        NodeValue::Code(code) => format!("c({})", code.literal),
        NodeValue::SoftBreak | NodeValue::LineBreak => "⏎".to_owned(),
        NodeValue::Emph => format!("i({})", children(node, "")),
        NodeValue::Strong => format!("b({})", children(node, "")),
        NodeValue::Strikethrough => format!("s({})", children(node, "")),
        NodeValue::SpoileredText => format!("h({})", children(node, "")),
        NodeValue::Link(link) => format!("a:{}({})", link.url, children(node, "")),
        other => format!("?{other:?}"),
    }
}

/// Ours as theirs: an empty line ends a paragraph to them, and to us is a part of it. They count the items of a list, and
/// we take each number as it was typed.
fn ours(text: &str) -> String {
    parted(&shown(&parse(text)))
}

fn parted(shown: &str) -> String {
    shown.replace("⏎⏎", ") p(").replace(|c: char| c.is_ascii_digit(), "")
}

/// Running text on one line, which begins with a letter so that it is nothing else.
fn line(most: usize) -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "*",
        "*",
        "**",
        "**",
        "***",
        "_",
        "__",
        "a",
        "b",
        " ",
        "中",
        "文",
        "，",
        "。",
        "「",
        "」",
        "“",
        "”",
        "（",
        "）",
        ".",
        "!",
        "(",
        ")",
        "`c`",
        "[d](https://e.fg/h)",
        "é",
        "かな",
        "한글",
    ]);
    prop::collection::vec(part, 0..most)
        .prop_map(|parts| format!("x{}x", parts.concat().replace("![", "! [")))
}

/// Words that hold no mark at all.
fn words() -> impl Strategy<Value = String> {
    "[a-c中文]{1,3}( [a-c中文]{1,3}){0,2}"
}

/// Blocks with an empty line between them, so that neither reads one as going on in the next.
fn document(depth: u32) -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        line(8),
        words().prop_map(|text| format!("# {text}")),
        ("[a-z]{0,3}", words())
            .prop_map(|(language, text)| format!("```{language}\n{text}\n\n  **{text}**\n```")),
        (words(), words(), line(4)).prop_map(|(a, b, c)| format!("| {a} | {b} |\n|---|:-:|\n| {c} | {a} |")),
    ];
    leaf.prop_recursive(depth, 12, 3, |inner| {
        let inside = prop::collection::vec(inner, 1..3).prop_map(|blocks| blocks.join("\n\n"));
        prop_oneof![
            inside.clone().prop_map(|text| indented(&text, "> ", "> ")),
            prop::collection::vec(inside.clone(), 1..3).prop_map(|items| items
                .iter()
                .map(|item| indented(item, "- ", "  "))
                .collect::<Vec<_>>()
                .join("\n")),
            prop::collection::vec(inside, 1..3).prop_map(|items| {
                let item = |(at, item): (usize, &String)| indented(item, &format!("{}. ", at + 1), "   ");
                items.iter().enumerate().map(item).collect::<Vec<_>>().join("\n")
            }),
        ]
    })
}

fn indented(text: &str, first: &str, others: &str) -> String {
    let line = |(at, line): (usize, &str)| format!("{}{line}", if at == 0 { first } else { others });
    text.lines().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn styles_pair_up_alike(text in line(14)) {
        prop_assert_eq!(ours(&text), parted(&theirs(&text)));
    }

    #[test]
    fn blocks_are_alike(text in document(3)) {
        prop_assert_eq!(ours(&text), parted(&theirs(&text)));
    }
}

#[test]
fn struck_text_and_spoilers_are_alike() {
    for text in [
        "~~a~~",
        "a~~b~~c",
        "中~~文~~，",
        "~~a ~~",
        "||a||",
        "中||文||。",
        "||a **b** c||",
        "**||a||**",
        "~~a||b||~~",
    ] {
        assert_eq!(ours(text), theirs(text), "for {text:?}");
    }
}
