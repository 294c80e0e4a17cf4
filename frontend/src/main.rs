//! Magpie's web client: a shell of Leptos around the client core in `shared::client`.
//!
//! `pages` are made of `views`, and those of `ui`. Views read [`state`] and call [`actions`]; only [`net`] feeds the
//! state, by telling the core what happened and performing what it answers.

#![expect(unreachable_pub, reason = "a program: `pub` marks what a module offers to the others")]

mod actions;
mod answer;
mod api;
mod app;
mod aside;
mod browser;
mod deadline;
mod drafts;
mod echo;
mod emoji;
mod erased;
mod keeper;
mod later;
mod locales;
mod net;
mod notify;
mod pages;
mod place;
mod prefs;
mod reading;
mod route;
mod session;
mod shell;
mod socket;
mod state;
mod storage;
mod tabs;
mod ui;
mod views;

fn main() {
    leptos::mount::mount_to_body(app::App);
}
