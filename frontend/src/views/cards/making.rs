//! The dialogs in which a poll or a chain is made. What is typed in them stays until it is sent.

use leptos::prelude::*;
use shared::message::{CHOICES, CHOICES_MIN, Card};
use shared::model::List;
use shared::text::{BODY_CHARS, Body, CHOICE_CHARS, Choice, LINE_CHARS, Line, TextError};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::aside;
use crate::locales::{Words, use_words};
use crate::ui::{Dialog, DialogHeader, Fault, Switch, is_composed};
use crate::views::talk::{Talk, use_talk};

/// What is wrong, in words.
type Wrong = fn(&Words) -> &'static str;

/// Making a poll.
#[component]
pub fn PollDialog(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let title = Signal::derive(move || words().cards.new_poll);
    view! {
        <Dialog open label=title class="is-form">
            <DialogHeader open title close=Signal::derive(move || words().general.close)/>
            <PollForm open/>
        </Dialog>
    }
}

/// Making a chain.
#[component]
pub fn ChainDialog(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let title = Signal::derive(move || words().cards.new_chain);
    view! {
        <Dialog open label=title class="is-form">
            <DialogHeader open title close=Signal::derive(move || words().general.close)/>
            <ChainForm open/>
        </Dialog>
    }
}

/// What is typed into a form: one line each, kept with every key.
#[derive(Clone, Copy)]
struct Form {
    talk: Talk,
    name: &'static str,
    fields: RwSignal<Vec<RwSignal<String>>>,
    wrong: RwSignal<Option<Wrong>>,
    open: RwSignal<bool>,
}

impl Form {
    fn new(name: &'static str, least: usize, open: RwSignal<bool>) -> Self {
        let talk = use_talk();
        let mut kept = aside::form(talk.desk(), name);
        kept.resize(kept.len().max(least), String::new());
        let fields = RwSignal::new(kept.into_iter().map(RwSignal::new).collect());
        Self { talk, name, fields, wrong: RwSignal::new(None), open }
    }

    fn field(self, at: usize) -> RwSignal<String> {
        self.fields.with_untracked(|fields| fields.get(at).copied()).unwrap_or_default()
    }

    fn texts(self) -> Vec<String> {
        self.fields.with_untracked(|fields| fields.iter().map(|field| field.get_untracked()).collect())
    }

    fn keep(self) {
        self.wrong.set(None);
        aside::keep_form(self.talk.desk(), self.name, &self.texts());
    }

    /// Posts what the form says, if that is a message and a card; whatever is wrong with it is said.
    fn send(self, body: Result<Body, Wrong>, card: Result<Card, Wrong>, first_line: Option<Line>) {
        let sent = body
            .and_then(|body| Ok((body, card?)))
            .and_then(|(body, card)| self.talk.post(body, card).ok_or(|words: &Words| words.composer.full));
        match sent {
            Ok(id) => {
                if let Some(line) = first_line {
                    aside::keep_first_line(self.talk.id, id, line.as_str());
                }
                aside::keep_form(self.talk.desk(), self.name, &[]);
                self.open.set(false);
            }
            Err(wrong) => self.wrong.set(Some(wrong)),
        }
    }
}

/// The body that a field makes.
fn body(text: String, missing: Wrong) -> Result<Body, Wrong> {
    Body::try_from(text).map_err(|error| match error {
        TextError::Empty => missing,
        _ => TOO_LONG,
    })
}

const TOO_LONG: Wrong = |words| words.cards.too_long;

#[component]
fn PollForm(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    // The first field says whether several choices are allowed, the second is the question.
    let form = Form::new("poll", 2 + CHOICES_MIN, open);
    let many = form.field(0);
    let grow = move |()| {
        let is_full = form.fields.with_untracked(|fields| {
            fields.last().is_some_and(|last| !last.read_untracked().trim().is_empty())
                && fields.len() < 2 + CHOICES
        });
        if is_full {
            form.fields.update(|fields| fields.push(RwSignal::new(String::new())));
        }
        form.keep();
    };
    grow(());
    let send = move |()| {
        let mut texts = form.texts().into_iter().skip(1);
        let question = body(texts.next().unwrap_or_default(), |words| words.cards.no_question);
        let texts = texts.filter(|text| !text.trim().is_empty());
        let choices: Result<Vec<Choice>, _> = texts.map(Choice::try_from).collect();
        let card = match choices {
            Err(_) => Err(TOO_LONG),
            Ok(choices) if choices.len() < CHOICES_MIN => Err((|words| words.cards.few_choices) as Wrong),
            Ok(choices) => {
                Ok(Card::Poll { choices: List::first(choices), many: !many.read_untracked().is_empty() })
            }
        };
        form.send(question, card, None);
    };
    let typed = Callback::new(grow);
    let (send, choices) = (Callback::new(send), move || 2..form.fields.read().len());
    view! {
        <div class="form">
            <LineField
                label=Signal::derive(move || words().cards.question.to_owned())
                text=form.field(1) limit=BODY_CHARS typed send autofocus=true
            />
            <For each=choices key=|at| *at let:at>
                <LineField
                    label=Signal::derive(move || (words().cards.choice)(at - 1))
                    text=form.field(at) limit=CHOICE_CHARS typed send
                />
            </For>
            <label class="turn">
                <span>{move || words().cards.allow_several}</span>
                <Switch
                    label=Signal::derive(move || words().cards.allow_several)
                    on=Signal::derive(move || !many.read().is_empty())
                    on_turn=move |on: bool| {
                        many.set(if on { "many".to_owned() } else { String::new() });
                        form.keep();
                    }
                />
            </label>
        </div>
        <FormFoot form send/>
    }
}

#[component]
fn ChainForm(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let form = Form::new("chain", 2, open);
    let send = move |()| {
        let title = body(form.field(0).get_untracked(), |words| words.cards.no_topic);
        let line = form.field(1).get_untracked();
        let line = if line.trim().is_empty() { Ok(None) } else { Line::try_from(line).map(Some) };
        match line {
            Ok(line) => form.send(title, Ok(Card::Chain), line),
            Err(_) => form.wrong.set(Some(TOO_LONG)),
        }
    };
    let (typed, send) = (Callback::new(move |()| form.keep()), Callback::new(send));
    view! {
        <div class="form">
            <LineField
                label=Signal::derive(move || words().cards.topic.to_owned())
                text=form.field(0) limit=BODY_CHARS typed send autofocus=true
            />
            <LineField
                label=Signal::derive(move || words().cards.first_line.to_owned())
                text=form.field(1) limit=LINE_CHARS typed send
            />
        </div>
        <FormFoot form send/>
    }
}

/// What is wrong, and the button that sends.
#[component]
fn FormFoot(form: Form, send: Callback<()>) -> impl IntoView {
    let words = use_words();
    let fault = Signal::derive(move || form.wrong.get().map(|wrong| wrong(words()).to_owned()));
    view! {
        <div class="form-foot">
            <Fault fault/>
            <button type="button" class="btn is-primary is-wide" on:click=move |_| send.run(())>
                {move || words().composer.send}
            </button>
        </div>
    }
}

/// A field for one line. Enter leads to the next one, and from the last one sends.
#[component]
fn LineField(
    label: Signal<String>,
    text: RwSignal<String>,
    limit: usize,
    typed: Callback<()>,
    send: Callback<()>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let words = use_words();
    let chars = Memo::new(move |_| text.read().chars().count());
    let is_over = move || chars.get() > limit;
    let on_keydown = move |key: KeyboardEvent| {
        if key.key() == "Enter" && !is_composed(&key) {
            key.prevent_default();
            if key.ctrl_key() || key.meta_key() || !to_next_field(&key) {
                send.run(());
            }
        }
    };
    view! {
        <label class="field">
            <span class="name">{label}</span>
            <span class="in" class:is-bad=is_over>
                <input
                    type="text"
                    autocomplete="off"
                    dir="auto"
                    autofocus=autofocus
                    value=text.get_untracked()
                    aria-invalid=move || is_over().to_string()
                    on:input=move |input| {
                        text.set(event_target_value(&input));
                        typed.run(());
                    }
                    on:keydown=on_keydown
                />
            </span>
            <Show when=move || { chars.get() + 20 > limit }>
                <small class="help num" class:is-bad=is_over role="status">
                    {move || (words().composer.count)(chars.get(), limit)}
                </small>
            </Show>
        </label>
    }
}

/// The focus goes to the next field. Answers whether there is one.
fn to_next_field(key: &KeyboardEvent) -> bool {
    let Ok(all) = document().query_selector_all("dialog[open] input[type=text]") else { return false };
    let here = key.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
    let at = (0..all.length()).find(|at| all.item(*at) == here);
    let next = at.and_then(|at| all.item(at + 1)).and_then(|next| next.dyn_into::<HtmlElement>().ok());
    // A field in an open dialog takes the focus.
    next.is_some_and(|next| next.focus().is_ok())
}
