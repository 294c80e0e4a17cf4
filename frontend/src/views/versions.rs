//! What a message said before it was changed.

use leptos::prelude::*;

use super::talk::use_talk;
use crate::answer::use_answer;
use crate::erased::live;
use crate::locales::{say, use_language, use_words};
use crate::ui::{Dialog, DialogHeader};
use crate::{api, browser};

/// The dialog.
#[component]
pub fn VersionsDialog(open: RwSignal<bool>) -> impl IntoView {
    let words = use_words();
    let title = say(words, |words| words.message.history);
    view! {
        <Dialog open label=title class="is-list">
            <DialogHeader open title close=say(words, |words| words.general.close) autofocus=true/>
            <Texts/>
        </Dialog>
    }
}

#[component]
fn Texts() -> impl IntoView {
    let talk = use_talk();
    let (words, language) = (use_words(), use_language());
    let seq = talk.subject.get_untracked().first().copied();
    let answer = use_answer(move || async move {
        match seq {
            Some(seq) => Some(api::versions(talk.id, seq).await),
            None => None,
        }
    });
    live(move || {
        answer.get().flatten().map(|answer| match answer {
            Err(refusal) => {
                view! { <p class="note is-bad">{live(move || (words().code)(refusal.code))}</p> }.into_any()
            }
            Ok(told) => {
                // The newest first, as what one came for stands just below what the message says now.
                let texts = told.versions.iter().rev().map(|version| {
                    let (at, text) = (version.at, version.body.to_string());
                    let when =
                        move || format!("{} {}", browser::day_name(at, language()), browser::time_of_day(at));
                    view! { <li><time>{when}</time><p dir="auto">{text}</p></li> }
                });
                view! { <ol class="texts">{texts.collect_view()}</ol> }.into_any()
            }
        })
    })
}
