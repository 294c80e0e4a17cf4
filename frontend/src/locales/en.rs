//! English.

use shared::code::Code;
use shared::model::Kind;

use super::{Composer, Details, Gate, General, Keys, Link, List, New, Room, Settings, Words};

pub(super) static WORDS: Words = Words {
    general: General {
        magpie: "Magpie",
        back: "Back",
        close: "Close",
        you: "You",
        you_object: "you",
        notes: "Notes to self",
        someone: "Someone",
        and,
        title: |unread, title| match (unread, title) {
            (0, "") => "Magpie".to_owned(),
            (0, title) => format!("{title} · Magpie"),
            (unread, "") => format!("({unread}) Magpie"),
            (unread, title) => format!("({unread}) {title} · Magpie"),
        },
    },
    gate: Gate {
        slogan: "Never loses.\nNever lies.",
        sign_in_to: "Sign in to Magpie",
        sign_up_to: "Create your account",
        server: |host| format!("on {host}"),
        name: "Username",
        name_help: "For signing in: letters, digits, . - _",
        name_characters: "No spaces; only letters, digits, . - _",
        display: "Display name",
        display_help: "What others see. If empty, your username.",
        password: "Password",
        password_help: "At least 8 characters.",
        password_short: "Use at least 8 characters.",
        show_password: "Show password",
        sign_in: "Sign in",
        sign_up: "Create account",
        waiting: "One moment…",
        new_here: "New here?",
        create: "Create an account",
        been_here: "Have an account?",
        first_account: "Yours is the first account on this server: it will own it.",
        closed: "This server takes no new accounts. Ask its owner to let you in.",
        invitation: "Invitation code",
        invitation_help: "This server is by invitation. Its owner can give you a code.",
        language: "Language",
        version: |version| format!("Magpie {version}"),
    },
    list: List {
        conversations: "Conversations",
        new: "New conversation",
        filter: "Find a conversation",
        nothing_found: |query| format!("No conversation is called “{query}”."),
        draft: "Draft:",
        said: |who| format!("{who}: "),
        nothing_yet: "No messages yet",
        typing: "typing…",
        unread: |count| format!("{count} unread"),
        settings: "Settings",
        left_over: "To a conversation that you are no longer in:",
        not_sent: |count| format!("{count} not sent"),
    },
    link: Link {
        connecting: "Connecting…",
        offline: "Offline. Messages go out when you are back.",
        try_now: "Try now",
        outdated: "The server has a newer Magpie.",
        reload: "Reload",
        no_storage: "This browser stores nothing: keep the tab open until your messages are sent.",
    },
    room: Room {
        pick: "Pick a conversation",
        pick_help: "Choose one from the list, or start a new one.",
        gone: "You can’t see this conversation",
        gone_help: "It may not exist, or you are not in it. Pick another one from the list.",
        gone_back: "Back to conversations",
        left_over: "What you wrote here was not sent",
        members: |count| if count == 1 { "1 member".to_owned() } else { format!("{count} members") },
        direct: "Direct conversation",
        only_you: "Only you can see this",
        details: "Details",
        timeline: "Messages",
        loading: "Loading messages",
        today: "Today",
        yesterday: "Yesterday",
        new_since: |time| format!("New since {time}"),
        newest: |count| match count {
            0 => "Jump to newest".to_owned(),
            1 => "1 new message. Jump to newest".to_owned(),
            count => format!("{count} new messages. Jump to newest"),
        },
        beginning: |kind, date| format!("The beginning of this {}, {date}", noun(kind)),
        empty: "No messages yet",
        empty_help: |kind, title| match kind {
            Kind::Direct => format!("Say hello to {title}."),
            Kind::Group | Kind::Channel | Kind::Unknown => "Write the first message.".to_owned(),
        },
        made: |kind, who| format!("{who} created this {}", noun(kind)),
        made_with: |kind, who, people| format!("{who} created this {} with {people}", noun(kind)),
        joined: |who| format!("{who} joined"),
        you_joined: "You joined",
        added: |who, whom| format!("{who} added {whom}"),
        left: |who| format!("{who} left"),
        removed: |who, whom| format!("{who} removed {whom}"),
        announced: |who, text| format!("{who}: {text}"),
        recalled: "Message recalled",
        waiting: "Waiting",
        sent: "Sent",
        delivered: "Delivered",
        not_delivered: "Not yet delivered",
        read: "Read",
        read_by: |count| format!("Read by {count}"),
        read_by_all: "Read by everyone",
        who_read: "Who has read this",
        do_not_tell: |count| match count {
            1 => "1 person shares no receipts.".to_owned(),
            _ => format!("{count} people share no receipts."),
        },
        typing: |names| match names {
            [one] => format!("{one} is typing…"),
            [one, two] => format!("{one} and {two} are typing…"),
            _ => "Several people are typing…".to_owned(),
        },
        failed: "Not sent",
        not_sent: |why| format!("Not sent. {why}"),
        may_not_write: "You may not write here.",
        retry: "Retry",
        edit: "Edit",
        discard: "Discard",
        composer_busy: "Send or clear what you are writing first.",
    },
    composer: Composer {
        message_to: |_, title| format!("Message {title}"),
        send: "Send",
        count: |chars, limit| format!("{} of {}", grouped(chars), grouped(limit)),
        too_long: |over| format!("Too long by {}. Shorten it, or send it in parts.", grouped(over)),
        full: "Too many messages are waiting. Send this one when some have gone out.",
    },
    details: Details {
        since: |kind, date| match kind {
            Kind::Direct => format!("Direct conversation, since {date}"),
            Kind::Group => format!("Group, since {date}"),
            Kind::Channel => format!("Channel, since {date}"),
            Kind::Unknown => format!("Since {date}"),
        },
        members: "Members",
        owner: "Owner of the server",
        more: "There are more people than these.",
        failed: |why| format!("The members did not load: {why}"),
    },
    new: New {
        title: "New conversation",
        people: "People",
        channels: "Channels",
        find_people: "Find people",
        find_channels: "Find channels",
        nobody: "Nobody is called that.",
        no_channel: "No channel is called that. You can make it below.",
        more: "There are more: type more of the name.",
        write_to: |name| format!("Write to {name}"),
        choose: |name| format!("Choose {name} for a group"),
        chosen: "Chosen for the group",
        remove: |name| format!("Remove {name}"),
        group_help: "Pick a name to write to one person, or tick several for a group.",
        group_name: "Group name",
        make_group: |count| format!("Make group ({count})"),
        channel_name: "Name of a new channel",
        make_channel: "Make channel",
        join: "Join",
        join_which: |title| format!("Join {title}"),
        open: "Open",
        open_which: |title| format!("Open {title}"),
    },
    settings: Settings {
        title: "Settings",
        owner: "Owns this server",
        appearance: "Appearance",
        theme: "Theme",
        system: "System",
        light: "Light",
        dark: "Dark",
        language: "Language",
        writing: "Writing",
        enter_sends: "Enter sends",
        enter_sends_help: "Shift-Enter always breaks the line",
        ctrl_enter_sends_help: "Enter breaks the line, Ctrl-Enter sends",
        device: "This device",
        storage: "Storage",
        stored: "Recent messages and what you write are kept here until you sign out.",
        stored_while_there_is_room: "Recent messages and what you write are kept here. A browser short of room may clear them.",
        connection: "Connection test",
        echo: "Round trip",
        echo_help: "How quickly the server answers 20 small messages",
        echo_run: "Test",
        echo_running: "Measuring…",
        echo_result: |sent, back, median, slowest| {
            format!("{back} of {sent} came back · median {median} ms · slowest {slowest} ms")
        },
        echo_failed: "Nothing came back. Check the network, or a proxy that does not pass WebSockets on.",
        invitations: "Invitations",
        invite: "Invite somebody",
        invite_help: "A link for one new account",
        invite_make: "Make a link",
        invite_until: |date| format!("For one account, until {date}"),
        copy: "Copy",
        copied: "Copied",
        account: "Account",
        sign_out: "Sign out",
        sign_out_help: "Removes what this browser keeps of your account",
        unsent: |count| {
            if count == 1 {
                "One message has not been sent".to_owned()
            } else {
                format!("{count} messages have not been sent")
            }
        },
        unsent_help: "Signing out discards what is still waiting in this browser.",
        sign_out_anyway: "Discard and sign out",
        stay: "Stay signed in",
    },
    keys: Keys {
        title: "Keyboard shortcuts",
        find: "Find a conversation",
        next: "Previous or next conversation",
        send: "Send",
        line: "New line",
        close: "Close what is on top",
        sheet: "Show this sheet",
    },
    code,
    retry_after: |seconds| format!("Try again in {seconds} s."),
};

fn and(names: &[String], more: usize) -> String {
    match (names, more) {
        ([], 0) => String::new(),
        ([], more) => format!("{more} people"),
        ([one], 0) => one.clone(),
        (names, 0) => {
            let (last, others) = names.split_last().map_or(("", &[][..]), |(last, o)| (last.as_str(), o));
            format!("{} and {last}", others.join(", "))
        }
        (names, more) => format!("{} and {more} more", names.join(", ")),
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Group => "group",
        Kind::Channel => "channel",
        Kind::Direct | Kind::Unknown => "conversation",
    }
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    if number < 1_000 { number.to_string() } else { format!("{},{:03}", number / 1_000, number % 1_000) }
}

fn code(code: Code) -> &'static str {
    match code {
        Code::Malformed => "The server did not understand. Reload the page and try again.",
        Code::UnknownKind => "This server does not know that yet. Its owner can update it.",
        Code::TooLarge => "That is more than the server takes at once.",
        Code::Empty => "Nothing is written here yet.",
        Code::TooShort => "That is too short.",
        Code::TooLong => "That is too long.",
        Code::BadCharacter => "It has a character that is not allowed here.",
        Code::NotFound => "It does not exist, or you are not in it.",
        Code::NotAllowed => "You are not allowed to do that.",
        Code::NameTaken => "This username is taken. Choose another one.",
        Code::WrongCredentials => "Username and password do not match.",
        Code::SignedOut => "You are signed out. Sign in again.",
        Code::RegistrationClosed => "This server takes no new accounts. Ask its owner.",
        Code::InvitationNeeded => "This invitation does not work, or no longer. Ask for a new one.",
        Code::TooFast => "That was too often. Wait a moment.",
        Code::Busy => "The server is busy. Try again in a moment.",
        Code::BadOrigin => "This page is not the server’s own. Open the server’s address itself.",
        Code::StorageFull => "The server’s disk is full. Its owner can make room.",
        Code::Internal => "The server failed. Try again; its log has the cause.",
        Code::Unreachable => "The server did not answer. Check the network and try again.",
        Code::Unknown => "The server refused. A newer version of this page may say why: reload it.",
    }
}
