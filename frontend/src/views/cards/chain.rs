//! A chain: the lines that people added, and the field for one's own.

use leptos::html;
use leptos::prelude::*;
use shared::client::Part;
use shared::frame::Deed;
use shared::message::ChainLine;
use shared::text::{LINE_CHARS, Line};
use web_sys::KeyboardEvent;

use super::{CloseButton, tab_stop};
use crate::aside;
use crate::erased::{Show, effect, live, memo};
use crate::locales::{Words, say, use_words};
use crate::ui::{Icon, is_composed};
use crate::views::menu::copy;
use crate::views::message::Drawn;
use crate::views::naming::{is_me, name_of, name_or_you};
use crate::views::talk::{Talk, use_talk};

/// A line, and whether the log has it.
#[derive(Clone, PartialEq)]
struct Shown {
    line: ChainLine,
    is_stored: bool,
    /// Lines that are on their way have no place yet: how many of the same place stand above.
    nth: usize,
}

#[component]
pub(super) fn Chain(drawn: Memo<Drawn>, is_near: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let lines = memo(move |_| lines(&drawn.read()));
    let is_closed = memo(move |_| drawn.read().message.entry.more.as_ref().is_some_and(|more| more.closed));
    let count = memo(move |_| lines.read().len());
    let kind = move || {
        let sort = words().cards.chain;
        if is_closed.get() { format!("{sort} · {}", words().cards.closed) } else { sort.to_owned() }
    };
    use_first_line(talk, drawn);
    let copy_all = move |_| copy(talk, as_text(talk, &drawn.get_untracked(), words()));
    view! {
        <div class="card" role="group" aria-label=say(words, |words| words.cards.chain)>
            <p class="card-kind"><Icon name="chain" small=true/>{live(kind)}</p>
            <ol class="chain" aria-label=say(words, |words| words.cards.chain)>
                <For each=move || lines.get() key=|shown| (shown.line.seq, shown.nth, shown.is_stored) let:shown>
                    <LineOf shown drawn is_near is_closed/>
                </For>
            </ol>
            <Show when=move || !is_closed.get()><AddLine drawn is_near/></Show>
            <p class="card-foot">
                <span>{live(move || (words().cards.lines)(count.get()))}</span>
                <Show when=move || { count.get() > 0 }>
                    <button type="button" class="link-btn" tabindex=move || tab_stop(is_near) on:click=copy_all>
                        {say(words, |words| words.settings.copy)}
                    </button>
                </Show>
                <CloseButton drawn is_near label=say(words, |words| words.cards.close_chain)/>
            </p>
        </div>
    }
}

fn lines(drawn: &Drawn) -> Vec<Shown> {
    let Some(more) = &drawn.message.entry.more else { return Vec::new() };
    let nth = |at: usize, seq| more.lines.iter().take(at).filter(|line| line.seq == seq).count();
    let lines = more.lines.iter().enumerate().map(|(at, line)| Shown {
        line: line.clone(),
        is_stored: line.seq <= more.as_of,
        nth: nth(at, line.seq),
    });
    lines.collect()
}

#[component]
fn LineOf(shown: Shown, drawn: Memo<Drawn>, is_near: RwSignal<bool>, is_closed: Memo<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let Shown { line: ChainLine { seq, user, text }, is_stored, .. } = shown;
    let text = text.to_string();
    let is_mine = talk.state.peek(|client| is_me(client, user));
    let name = move || talk.state.read(Part::People, |client| name_or_you(client, user, words()));
    let said = text.clone();
    let drop_line = move |_| {
        if let Some(target) = drawn.with_untracked(|drawn| drawn.message.seq) {
            talk.amend(Deed::DropLine { conversation: talk.id, target, line: seq });
        }
    };
    let may_drop = move || is_mine && is_stored && !is_closed.get();
    let drop_button = move || {
        let said = said.clone();
        may_drop().then(move || {
            view! {
                <button
                    type="button"
                    class="icon-btn"
                    tabindex=Signal::derive(move || tab_stop(is_near))
                    aria-label=Signal::derive(move || (words().cards.drop_line)(&said))
                    title=say(words, |words| words.cards.drop_short)
                    on:click=drop_line
                >
                    <Icon name="x" small=true/>
                </button>
            }
        })
    };
    view! {
        <li class:is-mine=is_mine class:is-waiting=!is_stored>
            <span class="grow"><strong>{live(name)}</strong>" "<span dir="auto">{text}</span></span>
            {(!is_stored).then(|| view! { <Icon name="clock" small=true/><span class="sr">{say(words, |words| words.room.waiting)}</span> })}
            {live(drop_button)}
        </li>
    }
}

/// The field for a line of one's own. What is typed stays over a reload.
#[component]
fn AddLine(drawn: Memo<Drawn>, is_near: RwSignal<bool>) -> impl IntoView {
    let talk = use_talk();
    let words = use_words();
    let node = NodeRef::<html::Input>::new();
    let seq = memo(move |_| drawn.read().message.seq);
    let kept = move || seq.get_untracked().map(|seq| aside::line(talk.id, seq)).unwrap_or_default();
    let chars = RwSignal::new(kept().chars().count());
    let typed = move |text: &str| {
        chars.set(text.chars().count());
        if let Some(seq) = seq.get_untracked() {
            aside::keep_line(talk.id, seq, text);
        }
    };
    let add = move || {
        let Some((field, target)) = node.get_untracked().zip(seq.get_untracked()) else { return };
        if let Ok(text) = Line::try_from(field.value()) {
            talk.actions.write(Deed::AddLine { conversation: talk.id, target, text });
            // What this browser keeps of it goes when the deed is on disk, not before.
            field.set_value("");
            chars.set(0);
        }
        // Whoever adds one may add another; where it cannot have the focus, nothing is lost.
        let _ = field.focus();
    };
    let on_keydown = move |key: KeyboardEvent| {
        if key.key() == "Enter" && !is_composed(&key) {
            key.prevent_default();
            add();
        }
    };
    view! {
        <div class="add-line">
            <input
                node_ref=node
                type="text"
                class="plain-field"
                autocomplete="off"
                dir="auto"
                enterkeyhint="done"
                value=kept()
                disabled=Signal::derive(move || seq.get().is_none())
                tabindex=Signal::derive(move || tab_stop(is_near))
                aria-label=say(words, |words| words.cards.your_line)
                placeholder=say(words, |words| words.cards.your_line)
                aria-invalid=Signal::derive(move || { chars.get() > LINE_CHARS }.to_string())
                on:input=move |input| typed(&event_target_value(&input))
                on:keydown=on_keydown
            />
            <button
                type="button"
                class="btn is-small"
                tabindex=Signal::derive(move || tab_stop(is_near))
                aria-disabled=Signal::derive(move || (chars.get() == 0 || chars.get() > LINE_CHARS).to_string())
                on:click=move |_| add()
            >
                {say(words, |words| words.cards.add_line)}
            </button>
        </div>
        <Show when=move || { chars.get() + 20 > LINE_CHARS }>
            <p class="composer-hint" class:is-bad=move || { chars.get() > LINE_CHARS } role="status">
                {live(move || (words().composer.count)(chars.get(), LINE_CHARS))}
            </p>
        </Show>
    }
}

/// The author's own first line was typed with the title, before the chain had a place to add it to.
fn use_first_line(talk: Talk, drawn: Memo<Drawn>) {
    let place = memo(move |_| {
        let message = &drawn.read().message;
        message.seq.zip(message.entry.client_id)
    });
    effect(move || {
        let line =
            place.get().and_then(|(target, id)| Some((target, aside::take_first_line(talk.id, id, target)?)));
        if let Some((target, line)) = line
            && let Ok(text) = Line::try_from(line)
        {
            talk.actions.write(Deed::AddLine { conversation: talk.id, target, text });
        }
    });
}

/// The title and the numbered lines, as one would write them by hand.
fn as_text(talk: Talk, drawn: &Drawn, words: &Words) -> String {
    let entry = &drawn.message.entry;
    let title = entry.message().map(|post| post.body.to_string()).unwrap_or_default();
    let lines = (1..).zip(entry.more.iter().flat_map(|more| &more.lines));
    let lines = lines.map(|(number, line)| {
        let name = talk.state.peek(|client| name_of(client, line.user, words));
        format!("{number}. {name} {}", line.text)
    });
    std::iter::once(title).chain(lines).collect::<Vec<_>>().join("\n")
}
