//! All words of the interface, in each language: a catalogue that is one struct, so that a missing translation does
//! not compile.

mod en;
mod zh;

use leptos::prelude::*;
use shared::code::Code;
use shared::model::Kind;

use crate::prefs::Language;
use crate::state::State;

/// The words of one language.
pub struct Words {
    pub general: General,
    pub gate: Gate,
    pub list: List,
    pub link: Link,
    pub room: Room,
    pub message: Message,
    pub cards: Cards,
    pub thread: Thread,
    pub composer: Composer,
    pub later: Later,
    pub markup: Markup,
    pub details: Details,
    pub new: New,
    pub switcher: Switcher,
    pub search: Search,
    pub emoji: Emoji,
    pub settings: Settings,
    pub keys: Keys,
    /// What a code means to a person, with the way out.
    pub code: fn(Code) -> &'static str,
    /// When to come back, in seconds.
    pub retry_after: fn(u32) -> String,
}

/// Words that stand in many places.
pub struct General {
    pub magpie: &'static str,
    pub back: &'static str,
    pub close: &'static str,
    /// Said where a part of the program was to be, which is loaded when it is first wanted.
    pub not_loaded: &'static str,
    pub you: &'static str,
    /// The reader as the one to whom something is done.
    pub you_object: &'static str,
    pub notes: &'static str,
    /// How that is read, as [`shared::fuzzy`] takes it.
    pub notes_sound: &'static str,
    pub someone: &'static str,
    /// Two names or more, in one phrase.
    pub and: fn(&[String], usize) -> String,
    pub title: fn(u32, &str) -> String,
}

/// Signing in and up.
pub struct Gate {
    pub slogan: &'static str,
    pub sign_in_to: &'static str,
    pub sign_up_to: &'static str,
    pub server: fn(&str) -> String,
    pub name: &'static str,
    pub name_help: &'static str,
    pub name_characters: &'static str,
    pub display: &'static str,
    pub display_help: &'static str,
    pub password: &'static str,
    pub password_help: &'static str,
    pub password_short: &'static str,
    pub show_password: &'static str,
    pub sign_in: &'static str,
    pub sign_up: &'static str,
    pub waiting: &'static str,
    pub new_here: &'static str,
    pub create: &'static str,
    pub been_here: &'static str,
    pub first_account: &'static str,
    pub closed: &'static str,
    pub invitation: &'static str,
    pub invitation_help: &'static str,
    pub language: &'static str,
    pub version: fn(&str) -> String,
}

/// The list of conversations.
pub struct List {
    pub conversations: &'static str,
    pub new: &'static str,
    pub filter: &'static str,
    pub draft: &'static str,
    pub muted: &'static str,
    pub said: fn(&str) -> String,
    pub nothing_yet: &'static str,
    pub typing: &'static str,
    pub unread: fn(u32) -> String,
    pub settings: &'static str,
    pub left_over: &'static str,
    pub not_sent: fn(usize) -> String,
    pub mentioned: &'static str,
}

/// The connection line.
pub struct Link {
    pub connecting: &'static str,
    pub offline: &'static str,
    pub try_now: &'static str,
    pub outdated: &'static str,
    pub reload: &'static str,
    pub no_storage: &'static str,
}

/// One conversation.
pub struct Room {
    pub pick: &'static str,
    pub pick_help: &'static str,
    pub gone: &'static str,
    pub gone_help: &'static str,
    pub gone_back: &'static str,
    pub left_over: &'static str,
    pub members: fn(u32) -> String,
    pub direct: &'static str,
    pub only_you: &'static str,
    pub details: &'static str,
    pub timeline: &'static str,
    pub loading: &'static str,
    pub today: &'static str,
    pub yesterday: &'static str,
    pub new_since: fn(&str) -> String,
    pub newest: fn(u32) -> String,
    pub beginning: fn(Kind, &str) -> String,
    pub empty: &'static str,
    pub empty_help: fn(Kind, &str) -> String,
    pub made: fn(Kind, &str) -> String,
    pub made_with: fn(Kind, &str, &str) -> String,
    pub joined: fn(&str) -> String,
    pub you_joined: &'static str,
    pub added: fn(&str, &str) -> String,
    pub left: fn(&str) -> String,
    pub removed: fn(&str, &str) -> String,
    pub announced: fn(&str, &str) -> String,
    pub recalled: &'static str,
    pub waiting: &'static str,
    pub sent: &'static str,
    pub delivered: &'static str,
    pub not_delivered: &'static str,
    pub read: &'static str,
    pub read_by: fn(usize) -> String,
    pub read_by_all: &'static str,
    pub who_read: &'static str,
    pub do_not_tell: fn(usize) -> String,
    /// Up to two names; of more people it says that they are several.
    pub typing: fn(&[String]) -> String,
    pub failed: &'static str,
    pub not_sent: fn(&str) -> String,
    pub may_not_write: &'static str,
    pub retry: &'static str,
    pub edit: &'static str,
    pub discard: &'static str,
    pub go_to_date: &'static str,
    pub date: &'static str,
    pub go: &'static str,
}

/// What people do with messages.
pub struct Message {
    /// What the buttons and the menu of a message are called.
    pub actions: &'static str,
    pub react: &'static str,
    pub reply: &'static str,
    pub more: &'static str,
    pub thread: &'static str,
    pub edit: &'static str,
    pub copy_text: &'static str,
    pub copy_link: &'static str,
    pub forward: &'static str,
    pub save: &'static str,
    pub pin: &'static str,
    pub unpin: &'static str,
    pub history: &'static str,
    pub select: &'static str,
    pub recall: &'static str,
    pub reactions: &'static str,
    /// An emoji and whose it is.
    pub reacted: fn(&str, &str) -> String,
    pub edited: &'static str,
    pub pinned: &'static str,
    pub pins: &'static str,
    pub you_recalled: &'static str,
    pub recalled_by: fn(&str) -> String,
    pub edit_again: &'static str,
    pub quote_gone: &'static str,
    pub jump_back: &'static str,
    pub replying: fn(&str) -> String,
    pub editing: &'static str,
    pub cancel: &'static str,
    pub undo: &'static str,
    pub saved: &'static str,
    pub not_copied: &'static str,
    pub not_done: fn(&str) -> String,
    pub forwarded_from: fn(&str) -> String,
    pub original: &'static str,
    pub forward_title: &'static str,
    pub forward_short: &'static str,
    pub forward_to: fn(usize) -> String,
    pub chosen: fn(usize) -> String,
}

/// Polls and chains.
pub struct Cards {
    pub add: &'static str,
    pub poll: &'static str,
    pub chain: &'static str,
    pub new_poll: &'static str,
    pub new_chain: &'static str,
    pub question: &'static str,
    pub no_question: &'static str,
    pub choice: fn(usize) -> String,
    pub few_choices: &'static str,
    pub allow_several: &'static str,
    pub topic: &'static str,
    pub no_topic: &'static str,
    pub first_line: &'static str,
    pub too_long: &'static str,
    pub one: &'static str,
    pub several: &'static str,
    pub closed: &'static str,
    pub voted: fn(usize) -> String,
    /// A choice and how many took it.
    pub choice_votes: fn(&str, usize) -> String,
    pub show_names: &'static str,
    pub hide_names: &'static str,
    pub close_poll: &'static str,
    pub close_chain: &'static str,
    pub close_sure: &'static str,
    pub lines: fn(usize) -> String,
    pub your_line: &'static str,
    pub add_line: &'static str,
    pub drop_line: fn(&str) -> String,
    pub drop_short: &'static str,
}

/// Threads.
pub struct Thread {
    pub title: &'static str,
    pub replies: &'static str,
    pub message: &'static str,
    pub inside: &'static str,
    /// How many, and the time of the last one.
    pub replies_at: fn(u32, &str) -> String,
    pub empty: &'static str,
    pub earlier: &'static str,
    pub failed: fn(&str) -> String,
    pub follow: &'static str,
    pub following: &'static str,
}

/// The composer.
pub struct Composer {
    pub message_to: fn(Kind, &str) -> String,
    pub send: &'static str,
    pub count: fn(usize, usize) -> String,
    pub too_long: fn(usize) -> String,
    pub full: &'static str,
    pub completions: &'static str,
    /// Who is mentioned by one word: it stands behind `@`, and the server knows it.
    pub everyone: &'static str,
    pub everyone_help: &'static str,
    pub here: &'static str,
    pub here_help: &'static str,
    pub draft_elsewhere: &'static str,
    pub draft_take: &'static str,
    pub draft_keep: &'static str,
}

/// Messages for later.
pub struct Later {
    pub title: &'static str,
    pub hour: &'static str,
    pub evening: &'static str,
    pub morning: &'static str,
    pub pick: &'static str,
    pub schedule: &'static str,
    pub count: fn(usize) -> String,
    pub list: &'static str,
    pub none: &'static str,
    pub now: &'static str,
    pub cancel: &'static str,
    pub text: &'static str,
    pub save: &'static str,
}

/// Styles of text, where they are read and where they are written.
pub struct Markup {
    pub spoiler: &'static str,
    pub table: &'static str,
    pub copy: &'static str,
    pub format: &'static str,
    pub preview: &'static str,
    pub preview_empty: &'static str,
    pub bold: &'static str,
    pub italic: &'static str,
    pub struck: &'static str,
    pub hidden: &'static str,
    pub code: &'static str,
    pub link: &'static str,
    pub list: &'static str,
    pub quote: &'static str,
}

/// The details of a conversation.
pub struct Details {
    pub links: &'static str,
    pub no_links: &'static str,
    pub no_pins: &'static str,
    pub since: fn(Kind, &str) -> String,
    pub level: &'static str,
    pub level_all: &'static str,
    pub level_mentions: &'static str,
    pub level_none: &'static str,
    pub members: &'static str,
    pub owner: &'static str,
    pub more: &'static str,
    pub failed: fn(&str) -> String,
}

/// The dialog that starts a conversation.
pub struct New {
    pub title: &'static str,
    pub people: &'static str,
    pub channels: &'static str,
    pub find_people: &'static str,
    pub find_channels: &'static str,
    pub nobody: &'static str,
    pub no_channel: &'static str,
    pub more: &'static str,
    pub write_to: fn(&str) -> String,
    pub choose: fn(&str) -> String,
    pub chosen: &'static str,
    pub remove: fn(&str) -> String,
    pub group_help: &'static str,
    pub group_name: &'static str,
    pub make_group: fn(usize) -> String,
    pub channel_name: &'static str,
    pub make_channel: &'static str,
    pub join: &'static str,
    pub join_which: fn(&str) -> String,
    pub open: &'static str,
    pub open_which: fn(&str) -> String,
}

/// The switcher.
pub struct Switcher {
    pub title: &'static str,
    pub ask: &'static str,
    pub nothing: &'static str,
    pub choose: &'static str,
    pub open: &'static str,
    pub opening: fn(&str) -> String,
    pub opens_later: fn(&str) -> String,
    pub mentioned: &'static str,
}

/// Searching.
pub struct Search {
    pub field: &'static str,
    pub clear: &'static str,
    pub filters: &'static str,
    /// The filters that are set.
    pub set: &'static str,
    pub in_room: &'static str,
    pub results: &'static str,
    pub people: &'static str,
    pub conversations: &'static str,
    pub messages: &'static str,
    pub more: &'static str,
    pub from: &'static str,
    pub here: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub has_link: &'static str,
    pub has_file: &'static str,
    pub mentions_me: &'static str,
    pub from_whom: fn(&str) -> String,
    pub in_which: fn(&str) -> String,
    pub before_when: fn(&str) -> String,
    pub after_when: fn(&str) -> String,
    /// What is looked for; empty if that is only filters.
    pub nothing: fn(&str) -> String,
    pub nobody: fn(&str) -> String,
    pub nowhere: fn(&str) -> String,
    /// How many are there, and whether there are more.
    pub count: fn(usize, bool) -> String,
    pub in_one: &'static str,
    /// How many this device has found by itself.
    pub offline: fn(usize) -> String,
    /// Takes the day that is chosen.
    pub take: &'static str,
}

/// The emoji picker.
pub struct Emoji {
    pub title: &'static str,
    pub search: &'static str,
    pub found: &'static str,
    pub nothing: &'static str,
    pub tone: &'static str,
    pub tones: [&'static str; 6],
    /// Those used last, and the groups of Unicode.
    pub groups: [&'static str; 10],
}

/// The settings.
pub struct Settings {
    pub title: &'static str,
    pub owner: &'static str,
    pub appearance: &'static str,
    pub theme: &'static str,
    pub system: &'static str,
    pub light: &'static str,
    pub dark: &'static str,
    pub language: &'static str,
    pub writing: &'static str,
    pub enter_sends: &'static str,
    pub enter_sends_help: &'static str,
    pub ctrl_enter_sends_help: &'static str,
    pub telling: &'static str,
    pub notify: &'static str,
    pub notify_help: &'static str,
    pub notify_denied: &'static str,
    pub receipts: &'static str,
    pub receipts_help: &'static str,
    pub typing: &'static str,
    pub device: &'static str,
    pub storage: &'static str,
    pub stored: &'static str,
    pub stored_while_there_is_room: &'static str,
    pub connection: &'static str,
    pub echo: &'static str,
    pub echo_help: &'static str,
    pub echo_run: &'static str,
    pub echo_running: &'static str,
    pub echo_result: fn(u32, u32, &str, &str) -> String,
    pub echo_failed: &'static str,
    pub invitations: &'static str,
    pub invite: &'static str,
    pub invite_help: &'static str,
    pub invite_make: &'static str,
    pub invite_until: fn(&str) -> String,
    pub copy: &'static str,
    pub copied: &'static str,
    pub account: &'static str,
    pub sign_out: &'static str,
    pub sign_out_help: &'static str,
    pub unsent: fn(usize) -> String,
    pub unsent_help: &'static str,
    pub sign_out_anyway: &'static str,
    pub stay: &'static str,
}

/// The sheet of shortcuts.
pub struct Keys {
    pub title: &'static str,
    pub jump: &'static str,
    pub mention: &'static str,
    pub emoji: &'static str,
    pub next: &'static str,
    pub send: &'static str,
    pub line: &'static str,
    pub edit_last: &'static str,
    pub undo: &'static str,
    pub reply: &'static str,
    pub react: &'static str,
    pub menu: &'static str,
    pub close: &'static str,
    pub sheet: &'static str,
}

/// The words of a language.
pub fn words_in(language: Language) -> &'static Words {
    match language {
        Language::En => &en::WORDS,
        Language::Zh => &zh::WORDS,
    }
}

/// The words of the language that this person reads: call it inside whatever should follow a change of language.
pub fn use_words() -> impl Fn() -> &'static Words + Copy + Send + Sync + 'static {
    let prefs = expect_context::<State>().prefs;
    move || words_in(prefs.read().language)
}

/// One of the words, as what is shown or said of something. All of them are of one type; of closures each would be
/// compiled by itself with all that shows it.
pub fn say(
    words: impl Fn() -> &'static Words + Copy + Send + Sync + 'static,
    which: fn(&'static Words) -> &'static str,
) -> Signal<&'static str> {
    Signal::derive(move || which(words()))
}

/// The language that this person reads.
pub fn use_language() -> impl Fn() -> Language + Copy + Send + Sync + 'static {
    let prefs = expect_context::<State>().prefs;
    move || prefs.read().language
}
