//! Cases, one line each.

use super::*;

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(&parse(text)), *expected, "for {text:?}");
    }
}

#[test]
fn styles() {
    check(&[
        ("plain", "p(plain)"),
        ("**bold** and __bold__", "p(b(bold) and b(bold))"),
        ("*it* and _it_", "p(i(it) and i(it))"),
        ("***both***", "p(i(b(both)))"),
        ("**a *b* c**", "p(b(a i(b) c))"),
        ("~~struck~~ but 好的~~ 谢谢~~ and ~soft~", "p(s(struck) but 好的~~ 谢谢~~ and ~soft~)"),
        ("||hidden|| and a || b || c", "p(h(hidden) and a || b || c)"),
        ("||**bold** and `code`||", "p(h(b(bold) and c(code)))"),
        ("2 * 3 * 4 and snake_case_name", "p(2 * 3 * 4 and snake_case_name)"),
        ("报告_最终_版.docx", "p(报告_最终_版.docx)"),
        ("**not closed, *nor this", "p(**not closed, *nor this)"),
        ("**over\nlines**", "p(b(over⏎lines))"),
        ("**not over\n\nparagraphs**", "p(**not over⏎⏎paragraphs**)"),
        (r"\*no\* \_no\_ \`no\` \|\|no\|\|", "p(*no* _no_ `no` ||no||)"),
        (
            r"C:\temp\new \d+\.\d \\server\share ¯\_(ツ)_/¯",
            r"p(C:\temp\new \d+\.\d \\server\share ¯\_(ツ)_/¯)",
        ),
        (":smile: and :+1:", "p(:smile: and :+1:)"),
        ("<b>no</b> &amp; ![x](https://example.com/a)", "p(<b>no</b> &amp; !a:https://example.com/a(x))"),
    ]);
}

#[test]
fn styles_beside_chinese() {
    check(&[
        ("**真，**她", "p(b(真，)她)"),
        ("*「强调」*的", "p(i(「强调」)的)"),
        ("他说**“真的”**吗", "p(他说b(“真的”)吗)"),
        ("这是**重点**。然后~~不要~~了", "p(这是b(重点)。然后s(不要)了)"),
        ("看**《红楼梦》**，再说", "p(看b(《红楼梦》)，再说)"),
        ("答案是||甲||。", "p(答案是h(甲)。)"),
        ("**テスト。**です", "p(b(テスト。)です)"),
        ("**강조(强调)**를", "p(b(강조(强调))를)"),
        ("用`代码`写", "p(用c(代码)写)"),
    ]);
}

#[test]
fn code() {
    check(&[
        ("`a*b*c` and ``a`b``", "p(c(a*b*c) and c(a`b))"),
        ("`` `tick` `` and `not closed", "p(c(`tick`) and `not closed)"),
        ("```rust\nfn main() {}\n```", "code:rust(fn main() {})"),
        ("```\n**a**\n\n> b\n```\nafter", "code:(**a**⏎⏎> b) p(after)"),
        ("~~~\n```\n~~~", "code:(```)"),
        ("```js\nlast();```", "code:js(last();)"),
        ("```py\nopen", "code:py(open)"),
        ("look:\n```\na\n```", "p(look:) code:(a)"),
        ("```one line```", "p(c(one line))"),
    ]);
}

#[test]
fn quotes_and_headings() {
    check(&[
        ("> quoted\n> more\nanswer", "q(p(quoted⏎more)) p(answer)"),
        (">你好\n好", "q(p(你好)) p(好)"),
        ("> a\n>> b", "q(p(a) q(p(b)))"),
        ("> ```\n> a\n> ```", "q(code:(a))"),
        (">_<", "p(>_<)"),
        (">:(", "p(>:()"),
        (">o<", "p(>o<)"),
        (">100人", "p(>100人)"),
        ("# Title\ntext", "#(Title) p(text)"),
        ("#话题 没有", "p(#话题 没有)"),
        ("Title\n---\nmore", "p(Title⏎---⏎more)"),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("- a\n- b\n\n- c", "l(.(p(a)) .(p(b)) .(p(c)))"),
        ("* a\n+ b", "l(.(p(a))) l(.(p(b)))"),
        ("1. a\n3. b\nafter", "l(1.(p(a)) 3.(p(b))) p(after)"),
        ("- a\n  - b\n    - c\n- d", "l(.(p(a) l(.(p(b) l(.(p(c)))))) .(p(d)))"),
        ("1. a\n  - b\n2. c", "l(1.(p(a) l(.(p(b)))) 2.(p(c)))"),
        ("1. a\n   more\n2. b", "l(1.(p(a⏎more)) 2.(p(b)))"),
        ("- a\n\n  ```\n  x\n  ```", "l(.(p(a) code:(x)))"),
        ("to do:\n- a\n- b", "p(to do:) l(.(p(a)) .(p(b)))"),
        ("born in\n1984. A year", "p(born in⏎1984. A year)"),
        ("-no\n3.14 is\n- ", "p(-no⏎3.14 is⏎- )"),
        ("- - -", "p(- - -)"),
        ("* * *", "p(* * *)"),
    ]);
}

#[test]
fn tables() {
    check(&[
        ("| a | b |\n|---|--:|\n| 1 | **2** |", "t<>(a|b⏎1|b(2))"),
        ("名|数\n:-:|-\n甲|1\n乙|2\n完", "t=<(名|数⏎甲|1⏎乙|2) p(完)"),
        ("look\n|a|\n|-|\n|x \\| y|", "p(look) t<(a⏎x | y)"),
        ("a|b\n-|-\n1|2|3\n4|", "t<<(a|b⏎1|2|3⏎4|)"),
        ("a|b\n---", "p(a|b⏎---)"),
        ("a | b", "p(a | b)"),
    ]);
}

#[test]
fn links_of_text() {
    check(&[
        ("看 https://example.com/a，然后", "p(看 a:https://example.com/a(https://example.com/a)，然后)"),
        ("在https://example.com/路上", "p(在a:https://example.com/(https://example.com/)路上)"),
        ("(see http://example.com/x_(y)).", "p((see a:http://example.com/x_(y)(http://example.com/x_(y))).)"),
        ("**https://example.com/a_b_**", "p(b(a:https://example.com/a_b(https://example.com/a_b)_))"),
        ("HTTPS://Example.com!", "p(a:HTTPS://Example.com(HTTPS://Example.com)!)"),
        ("write to lin_wen@example.org!", "p(write to a:mailto:lin_wen@example.org(lin_wen@example.org)!)"),
        ("<https://example.com/中文>", "p(a:https://example.com/中文(https://example.com/中文))"),
        ("<lin@example.org>", "p(a:mailto:lin@example.org(lin@example.org))"),
        ("[the *page*](https://example.com/a(b))", "p(a:https://example.com/a(b)(the i(page)))"),
        ("[写信](mailto:lin@example.org)给她", "p(a:mailto:lin@example.org(写信)给她)"),
        ("*a [b* c](https://example.com)", "p(*a a:https://example.com(b* c))"),
        ("[[x]](https://example.com)", "p(a:https://example.com([x]))"),
        ("[a](javascript:alert(1)) [b](/path) [c]()", "p([a](javascript:alert(1)) [b](/path) [c]())"),
        (
            "[https://bank.example](https://thief.example)",
            "p([a:https://bank.example(https://bank.example)](a:https://thief.example(https://thief.example)))",
        ),
        ("javascript:alert(1) file:///etc/passwd ftp://example.com/a https:// http://.", {
            "p(javascript:alert(1) file:///etc/passwd ftp://example.com/a https:// http://.)"
        }),
        ("a `https://example.com` b", "p(a c(https://example.com) b)"),
    ]);
    assert_eq!(
        links("[a](https://b.example) lin@example.org"),
        ["https://b.example", "mailto:lin@example.org"]
    );
}

#[test]
fn candidates_for_mentions() {
    check(&[
        ("@maya hi", "p(m(maya) hi)"),
        ("看@张三，在吗", "p(看m(张三)，在吗)"),
        ("@张三你在吗", "p(m(张三你在吗))"),
        ("_@maya_ and @lin_", "p(i(m(maya)) and m(lin)_)"),
        ("@lin_ yes", "p(m(lin_) yes)"),
        ("a@b @ @x **@all**", "p(a@b @ @x b(m(all)))"),
        ("`@maya`", "p(c(@maya))"),
    ]);
}

#[test]
fn an_excerpt_shows_what_is_around_the_first_mark() {
    let check = |text: &str, marks: &[(u32, u32)], expected: &str| {
        let pieces = excerpt(text, marks, 24).into_iter();
        let shown = pieces.map(|(piece, marked)| if marked { format!("[{piece}]") } else { piece });
        assert_eq!(shown.collect::<String>(), expected, "for {text:?}");
    };
    check("我家在上海东边", &[(3, 2)], "我家在[上海]东边");
    check("**上海**，\n~~上海~~", &[(2, 2), (10, 2)], "[上海]， [上海]");
    check("||上海|| and 上海", &[(2, 2), (11, 2)], "▇▇ and [上海]");
    check("1. see [上海](https://example.com)", &[(8, 2)], "1. see [上海]");
    check("@上海 `上海`", &[(1, 2), (5, 2)], "@[上海] [上海]");
    check("one two three four five six seven eight", &[(24, 3)], "…ur five [six] seven eight");
    check("```\n上海\n```", &[(4, 2)], "上海");
    check("short", &[(3, 90), (99, 1)], "sho[rt]");
}

#[test]
fn a_line_of_plain_text() {
    let cases = [
        ("**真，**她\n\n说", "真，她 说"),
        ("it was ||the butler|| ||x||", "it was ▇▇▇▇▇▇▇▇ ▇"),
        ("- a\n- b\n\n```rust\nlet x;\n```", "• a • b let x;"),
        ("1. a\n2. b", "1. a 2. b"),
        ("> q\n\n# t\n[a](https://example.com) @maya", "q t a @maya"),
        ("|a|b|\n|-|-|\n|1|2|", "a b 1 2"),
        ("  spaces \t here  ", "spaces here"),
    ];
    for (text, expected) in cases {
        assert_eq!(plain(text, 100), expected, "for {text:?}");
    }
    assert_eq!(plain("abc def", 4), "abc");
    assert_eq!(plain("abc def", 5), "abc d");
}
