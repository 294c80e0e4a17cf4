//! What people type, and what is read; that nothing is lost; and how it compares with a whole Markdown.

mod cases;
mod comparison;
mod properties;

use super::*;

/// A tree as one line: `p(…)` for a paragraph, `b i s h` for styles, and so on.
fn shown(blocks: &[Block<'_>]) -> String {
    blocks.iter().map(block).collect::<Vec<_>>().join(" ")
}

fn block(block: &Block<'_>) -> String {
    match block {
        Block::Paragraph(inside) => format!("p({})", pieces(inside)),
        Block::Heading(inside) => format!("#({})", pieces(inside)),
        Block::Code { language, text } => format!("code:{language}({})", text.replace('\n', "⏎")),
        Block::Quote(inside) => format!("q({})", shown(inside)),
        Block::List(items) => {
            let item = |item: &Item<'_>| {
                let number = item.number.map(|number| number.to_string()).unwrap_or_default();
                format!("{number}.({})", shown(&item.blocks))
            };
            format!("l({})", items.iter().map(item).collect::<Vec<_>>().join(" "))
        }
        Block::Table(table) => {
            let align = table.align.iter().map(|align| match align {
                Align::Start => '<',
                Align::Center => '=',
                Align::End => '>',
            });
            let row = |row: &Vec<Vec<Inline<'_>>>| {
                row.iter().map(|cell| pieces(cell)).collect::<Vec<_>>().join("|")
            };
            let rows = table.rows.iter().map(row).collect::<Vec<_>>().join("⏎");
            format!("t{}({rows})", align.collect::<String>())
        }
    }
}

fn pieces(inside: &[Inline<'_>]) -> String {
    inside.iter().map(piece).collect()
}

fn piece(piece: &Inline<'_>) -> String {
    match piece {
        Inline::Text(text) => (*text).to_owned(),
        Inline::Break => "⏎".to_owned(),
        Inline::Code(code) => format!("c({code})"),
        Inline::Link { href, inside } => format!("a:{href}({})", pieces(inside)),
        Inline::Mention(name) => format!("m({name})"),
        Inline::Styled(style, inside) => {
            let name = match style {
                Style::Strong => 'b',
                Style::Emphasis => 'i',
                Style::Struck => 's',
                Style::Spoiler => 'h',
            };
            format!("{name}({})", pieces(inside))
        }
    }
}
