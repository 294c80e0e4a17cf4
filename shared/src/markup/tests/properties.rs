//! What holds for every text.

use proptest::prelude::*;

use super::super::steps::{step, steps_of};
use super::*;
use crate::text::BODY_CHARS;

/// Most steps for each character. Storms are read three times, and from every second character on up to 65 may be looked
/// at for an address of mail.
const STEPS: usize = 150;

/// Letters, marks, and what people paste, in any order.
fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => prop::sample::select(vec![
            "*", "**", "***", "_", "__", "~~", "||", "`", "```", "[", "](", ")", "]", "<", ">", "> ", "- ", "* ", "1. ",
            "# ", "|", "|-|-|", "---", "\\", "@", "\n", "\n\n", "\t", "  ", "    ", "https://example.com/", "@maya", "lin@example.org",
            "中", "，", "。", "「", "」", "“", "”", "a", "b c", "é", "🎉", "https://", "](https://a.b)", ".", "!", ":",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 0..60).prop_map(|parts| parts.concat())
}

/// All letters and digits, in order.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Everything that was typed and is in the tree: also what is not drawn, like the language of code.
fn typed(blocks: &[Block<'_>], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(pieces) | Block::Heading(pieces) => typed_pieces(pieces, out),
            Block::Code { language, text } => out.extend([*language, text]),
            Block::Quote(blocks) => typed(blocks, out),
            Block::List(items) => {
                for item in items {
                    out.extend(item.number.map(|number| number.to_string()));
                    typed(&item.blocks, out);
                }
            }
            Block::Table(table) => table.rows.iter().flatten().for_each(|cell| typed_pieces(cell, out)),
        }
    }
}

fn typed_pieces(pieces: &[Inline<'_>], out: &mut String) {
    for piece in pieces {
        match piece {
            Inline::Text(text) | Inline::Code(text) | Inline::Mention(text) => out.push_str(text),
            Inline::Break => out.push('\n'),
            Inline::Styled(_, inside) => typed_pieces(inside, out),
            Inline::Link { href, inside } => {
                typed_pieces(inside, out);
                let mut shown = String::new();
                typed_pieces(inside, &mut shown);
                if shown != *href && format!("mailto:{shown}") != *href {
                    out.push_str(href);
                }
            }
        }
    }
}

fn depth(blocks: &[Block<'_>]) -> usize {
    let inside = |block: &Block<'_>| match block {
        Block::Quote(blocks) => 1 + depth(blocks),
        Block::List(items) => 1 + items.iter().map(|item| depth(&item.blocks)).max().unwrap_or(0),
        _ => 0,
    };
    blocks.iter().map(inside).max().unwrap_or(0)
}

fn depth_of_styles(pieces: &[Inline<'_>]) -> usize {
    let inside = |piece: &Inline<'_>| match piece {
        Inline::Link { inside, .. } | Inline::Styled(_, inside) => 1 + depth_of_styles(inside),
        _ => 0,
    };
    pieces.iter().map(inside).max().unwrap_or(0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_letter_is_lost_or_added(text in any_text()) {
        // A language is one word; what stands behind it on the fence's line is no text.
        let text = text.replace("``", "").replace("~~~", "");
        let mut found = String::new();
        typed(&parse(&text), &mut found);
        prop_assert_eq!(letters(&found), letters(&text), "{:?} from {:?}", found, text);
    }

    #[test]
    fn what_is_left_is_what_was_typed_without_its_marks(text in any_text()) {
        let mut found = String::new();
        typed(&parse(&text), &mut found);
        let mut source = text.chars();
        for c in found.chars().filter(|c| !c.is_whitespace()) {
            prop_assert!(source.any(|typed| typed == c), "{c:?} of {found:?} is not in its place in {text:?}");
        }
    }

    #[test]
    fn the_tree_is_never_deeper_than_its_bound(text in any_text()) {
        let tree = parse(&text);
        prop_assert!(depth(&tree) <= MAX_DEPTH);
        walk_all(&tree, &mut |pieces| assert!(depth_of_styles(pieces) <= MAX_DEPTH));
        plain(&text, 100);
    }

    #[test]
    fn text_without_marks_comes_back_as_it_was(text in "x[a-z0-9 ，。中文]{0,20}(\n[a-z ，。中文]{0,20}){0,5}") {
        let lines: Vec<_> = text.lines().collect();
        let last = lines.iter().rposition(|line| !line.trim().is_empty()).unwrap();
        prop_assert_eq!(shown(&parse(&text)), format!("p({})", lines[..=last].join("⏎")));
    }
}

fn walk_all<'a>(blocks: &[Block<'a>], see: &mut impl FnMut(&[Inline<'a>])) {
    for block in blocks {
        match block {
            Block::Paragraph(pieces) | Block::Heading(pieces) => see(pieces),
            Block::Quote(blocks) => walk_all(blocks, see),
            Block::List(items) => items.iter().for_each(|item| walk_all(&item.blocks, see)),
            Block::Table(table) => table.rows.iter().flatten().for_each(|cell| see(cell)),
            Block::Code { .. } => {}
        }
    }
}

/// What it costs to read a text in every way that there is.
fn cost(text: &str) -> usize {
    steps_of(|| {
        parse(text);
        plain(text, 120);
        crate::mention::called(text, |_| {
            step(1);
            None
        });
    })
}

#[test]
fn no_storm_takes_more_than_its_length() {
    let storms = [
        "*",
        "* ",
        "*a",
        "**a*",
        "_a ",
        "a**b",
        "a_",
        "`",
        "`a``b",
        "[",
        "[a](",
        "[](http://a",
        "](http://a",
        "[a](http://b(",
        "<",
        "<a",
        "<http://a",
        ">",
        "> ",
        ">- ",
        "- ",
        "  - a\n",
        "- a\n\n",
        "1. ",
        "|",
        "||a",
        "a|b\n-|-\n",
        "|-\n",
        "@",
        "@a",
        "@ab",
        "@中文",
        "a@b.",
        "h.",
        "http://",
        "http://[",
        "http://.",
        "a.b@c.d.e",
        "\\",
        "\\*",
        "```\n",
        "~~~a\n",
        "~~a",
        "# ",
        "\n",
        "> *a\n",
        "*a **b ",
        "*a_b",
        "a*~~||b_",
        "***a**b*",
        "中*「",
        "`".repeat(7).as_str(),
        " ",
        "\t",
    ]
    .map(str::to_owned);
    for storm in storms {
        let of = |chars: usize| storm.chars().cycle().take(chars).collect::<String>();
        let (once, twice) = (cost(&of(BODY_CHARS)), cost(&of(BODY_CHARS * 2)));
        // A square would cost four times as much.
        assert!(twice * 10 <= once * 22, "{storm:?} costs {once}, and twice as much of it {twice}");
        assert!(once <= BODY_CHARS * STEPS, "{storm:?} costs {once}");
    }
}
