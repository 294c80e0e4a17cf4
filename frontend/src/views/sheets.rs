//! The dialogs about messages, of a conversation or of a thread of it.

use leptos::prelude::*;

use super::talk::use_talk;
use super::{chain_dialog, forward_dialog, message_menu, plus_menu, poll_dialog, versions_dialog};
use crate::later::later_dialog;

/// All of them, each loaded when it is first opened.
#[component]
pub fn Sheets() -> impl IntoView {
    let sheets = use_talk().sheets;
    view! {
        {later_dialog(sheets.menu, message_menu)}
        {later_dialog(sheets.plus, plus_menu)}
        {later_dialog(sheets.poll, poll_dialog)}
        {later_dialog(sheets.chain, chain_dialog)}
        {later_dialog(sheets.forward, forward_dialog)}
        {later_dialog(sheets.versions, versions_dialog)}
    }
}
