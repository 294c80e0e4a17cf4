//! What people type as nodes: the tree of `shared::markup`, drawn.
//!
//! One function makes every element, by name: a type for each element would be compiled for each.

mod code;
mod mention;
mod spoiler;

use leptos::html::custom;
use leptos::prelude::*;
use shared::markup::{Align, Block, Inline, Item, Style, Table, parse};

use crate::locales::{say, use_words};
use code::CodeBlock;
use mention::MentionChip;
use spoiler::Spoiler;

/// A message; what comes behind it stands on its last line, where that is running text.
pub fn said(text: &str, behind: AnyView) -> AnyView {
    let mut tree = parse(text);
    let last = tree.pop_if(|last| matches!(last, Block::Paragraph(_)));
    let mut nodes = blocks(tree);
    nodes.push(match last {
        Some(Block::Paragraph(inside)) => {
            let mut inside = pieces(inside);
            inside.push(behind);
            node("p", "", inside)
        }
        _ => behind,
    });
    view! { <div class="text" dir="auto">{nodes}</div> }.into_any()
}

/// An element with what stands in it.
fn node(tag: &'static str, class: &'static str, inside: Vec<AnyView>) -> AnyView {
    custom(tag).class(class).child(inside).into_any()
}

fn blocks(tree: Vec<Block<'_>>) -> Vec<AnyView> {
    tree.into_iter().map(block).collect()
}

fn block(block: Block<'_>) -> AnyView {
    match block {
        Block::Paragraph(inside) => node("p", "", pieces(inside)),
        Block::Heading(inside) => node("p", "is-heading", pieces(inside)),
        Block::Quote(inside) => node("blockquote", "", blocks(inside)),
        Block::List(items) => list(items),
        Block::Table(rows) => table(rows),
        Block::Code { language, text } => view! { <CodeBlock language=language.to_owned() text/> }.into_any(),
    }
}

fn list(items: Vec<Item<'_>>) -> AnyView {
    let is_ordered = items.first().is_some_and(|item| item.number.is_some());
    let item = |item: Item<'_>| {
        let value = item.number.map(|number| number.to_string());
        view! { <li value=value>{blocks(item.blocks)}</li> }.into_any()
    };
    node(if is_ordered { "ol" } else { "ul" }, "list", items.into_iter().map(item).collect())
}

/// A table; one that is wider than the screen is scrolled by itself.
fn table(table: Table<'_>) -> AnyView {
    let words = use_words();
    let align = |column: usize| match table.align.get(column) {
        Some(Align::Center) => "is-center",
        Some(Align::End) => "is-end",
        Some(Align::Start) | None => "",
    };
    let row = |(number, cells): (usize, Vec<Vec<Inline<'_>>>)| {
        let cells = cells.into_iter().enumerate().map(|(column, cell)| match number {
            0 => view! { <th scope="col" class=align(column)>{pieces(cell)}</th> }.into_any(),
            _ => node("td", align(column), pieces(cell)),
        });
        node("tr", "", cells.collect())
    };
    let rows = table.rows.into_iter().enumerate().map(row).collect();
    view! {
        <div class="wide" role="region" tabindex="0" aria-label=say(words, |words| words.markup.table)>
            {node("table", "", rows)}
        </div>
    }
    .into_any()
}

fn pieces(inside: Vec<Inline<'_>>) -> Vec<AnyView> {
    inside.into_iter().map(piece).collect()
}

fn piece(piece: Inline<'_>) -> AnyView {
    match piece {
        Inline::Text(text) => text.to_owned().into_any(),
        // Lines break where they were broken: the text is drawn with its spaces.
        Inline::Break => "\n".into_any(),
        Inline::Code(text) => node("code", "", vec![text.to_owned().into_any()]),
        Inline::Mention(name) => view! { <MentionChip name=name.to_owned()/> }.into_any(),
        Inline::Styled(Style::Strong, inside) => node("strong", "", pieces(inside)),
        Inline::Styled(Style::Emphasis, inside) => node("em", "", pieces(inside)),
        Inline::Styled(Style::Struck, inside) => node("s", "", pieces(inside)),
        Inline::Styled(Style::Spoiler, inside) => view! { <Spoiler inside=pieces(inside)/> }.into_any(),
        Inline::Link { href, inside } => {
            // The title says where it leads when the text does not.
            let title = href.clone();
            view! { <a href=href title=title target="_blank" rel="noopener noreferrer">{pieces(inside)}</a> }
                .into_any()
        }
    }
}
