//! Emoji: all of them, loaded when they are first wanted, and what this person likes of them.

use std::cell::OnceCell;

use gloo_net::http::Request;
use leptos::task::spawn_local;
use shared::code::Code;
use shared::emoji::{Group, TONES, groups};

use crate::{browser, shell};

/// Where the file is.
const FILE: &str = "/emoji.txt";
/// How many are remembered as used last: three rows.
const RECENT: usize = 24;
const RECENT_KEY: &str = "magpie.emoji.recent";
const TONE_KEY: &str = "magpie.emoji.tone";

/// All emoji, in their groups. They stay for as long as the page.
pub type All = &'static [Group<'static>];

thread_local! {
    static ALL: OnceCell<All> = const { OnceCell::new() };
}

/// All emoji, if they are here already.
pub fn at_hand() -> Option<All> {
    ALL.with(|all| all.get().copied())
}

/// All emoji; from the server, or from what is kept of it.
pub async fn load() -> Result<All, Code> {
    if let Some(all) = at_hand() {
        return Ok(all);
    }
    let answer = Request::get(FILE).send().await.map_err(|_| Code::Unreachable)?;
    let file = answer.text().await.map_err(|_| Code::Unreachable)?;
    if !answer.ok() || !file.starts_with('=') {
        return Err(Code::Unreachable);
    }
    spawn_local(shell::keep_file(FILE));
    // Two who ask at once load it twice; the first one counts.
    Ok(ALL.with(|all| *all.get_or_init(|| groups(file.leak()).leak())))
}

/// The templates of those that were used last, the last one first.
pub fn recent() -> Vec<String> {
    let kept = browser::kept(RECENT_KEY).unwrap_or_default();
    kept.split_whitespace().take(RECENT).map(str::to_owned).collect()
}

/// One was used.
pub fn used(template: &str) {
    let others = recent().into_iter().filter(|one| one != template);
    let all: Vec<String> = std::iter::once(template.to_owned()).chain(others).take(RECENT).collect();
    browser::keep(RECENT_KEY, &all.join(" "));
}

/// The tone that was chosen last: which of [`TONES`].
pub fn tone() -> usize {
    let kept = browser::kept(TONE_KEY).and_then(|kept| kept.parse().ok());
    kept.filter(|tone| *tone < TONES.len()).unwrap_or(0)
}

/// From now on people have this tone.
pub fn set_tone(tone: usize) {
    browser::keep(TONE_KEY, &if tone == 0 { String::new() } else { tone.to_string() });
}

/// Forgets what whoever signs out has used.
pub fn forget() {
    browser::keep(RECENT_KEY, "");
    browser::keep(TONE_KEY, "");
}
