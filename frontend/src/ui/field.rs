//! A field of a form: its label, its box, what helps to fill it, and what is wrong with it.

use leptos::html;
use leptos::prelude::*;

use super::Icon;
use crate::erased::live;

/// A field for one line of text.
#[component]
pub fn Field(
    id: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] fault: Signal<Option<String>>,
    #[prop(optional, into)] help: Option<Signal<&'static str>>,
    #[prop(optional)] autocomplete: &'static str,
    #[prop(optional)] value: String,
    #[prop(optional)] autofocus: bool,
    node: NodeRef<html::Input>,
) -> impl IntoView {
    view! {
        <FieldFrame id label fault help>
            <input
                id=id
                node_ref=node
                type="text"
                value=value.clone()
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                autofocus=autofocus
                aria-invalid=Signal::derive(move || fault.read().is_some().to_string())
                aria-describedby=format!("{id}-help")
            />
        </FieldFrame>
    }
}

/// A field for a password, with a button that shows it.
#[component]
pub fn PasswordField(
    id: &'static str,
    #[prop(into)] label: Signal<&'static str>,
    #[prop(into)] show_label: Signal<&'static str>,
    #[prop(into)] fault: Signal<Option<String>>,
    #[prop(optional, into)] help: Option<Signal<&'static str>>,
    autocomplete: &'static str,
    node: NodeRef<html::Input>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <FieldFrame id label fault help>
            <input
                id=id
                node_ref=node
                type=Signal::derive(move || if shown.get() { "text" } else { "password" })
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-invalid=Signal::derive(move || fault.read().is_some().to_string())
                aria-describedby=format!("{id}-help")
            />
            <button
                type="button"
                class="icon-btn"
                aria-label=show_label
                aria-pressed=Signal::derive(move || shown.get().to_string())
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                {live(move || view! { <Icon name=if shown.get() { "hidden" } else { "eye" }/> })}
            </button>
        </FieldFrame>
    }
}

/// Something wrong, in words, said aloud when it appears.
#[component]
pub fn Fault(#[prop(into)] fault: Signal<Option<String>>) -> impl IntoView {
    view! {
        <div role="alert">
            {live(move || fault.get().map(|words| view! {
                <p class="help is-bad"><Icon name="alert" small=true/><span>{words}</span></p>
            }))}
        </div>
    }
}

#[component]
fn FieldFrame(
    id: &'static str,
    label: Signal<&'static str>,
    fault: Signal<Option<String>>,
    help: Option<Signal<&'static str>>,
    children: Children,
) -> impl IntoView {
    let is_bad = move || fault.read().is_some();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <span class="in" class:is-bad=is_bad>{children()}</span>
            <div id=format!("{id}-help")>
                <Fault fault/>
                {help.map(|help| view! { <p class="help" hidden=is_bad>{help}</p> })}
            </div>
        </div>
    }
}
