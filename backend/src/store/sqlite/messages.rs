//! What people do with messages: saying, forwarding, and altering what was said.

use rusqlite::{Connection, OptionalExtension};
use shared::frame::Deed;
use shared::id::{ConversationId, Seq, UserId};
use shared::mention;
use shared::message::{
    CHOICES_MIN, Card, Folded, Forwarded, LINES, LINES_BYTES, MENTIONED, Mentions, Post, REACTED, REACTIONS,
    Was,
};
use shared::model::{Entry, List, Membership, What};
use shared::text::Body;

use super::changes;
use super::deeds::{append, at_head, done, once, warn_of_other_content};
use super::folded;
use super::own;
use super::rows::{self, fault, number};
use crate::store::{NewChange, Outcome, Result, Say, StoreError};

pub(super) fn post(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    say: Say,
) -> Result<Outcome> {
    if let Some(first) = done(connection, new)? {
        warn_of_other_content(connection, new, &first, (conversation, &say.body))?;
        return Ok(first);
    }
    once(connection, new, || {
        let membership = changes::membership(connection, new.author, conversation)?;
        let emptied = own::empty_draft(connection, new.author, (conversation, say.thread), &say.body)?;
        let post = compose(connection, conversation, membership, say)?;
        Ok(Outcome { emptied, ..append(connection, new, conversation, What::Posted(post))? })
    })
}

fn compose(
    connection: &Connection,
    conversation: ConversationId,
    membership: Membership,
    say: Say,
) -> Result<Post> {
    let Say { body, reply, thread, card, here } = say;
    if let Some(reply) = reply {
        visible_message(connection, conversation, membership, reply)?;
    }
    let thread = match thread {
        Some(root) => Some(root_of(connection, conversation, membership, root)?),
        None => None,
    };
    match &card {
        Some(Card::Poll { choices, .. }) if choices.len() < CHOICES_MIN => return Err(StoreError::TooFew),
        Some(Card::Unknown) => return Err(StoreError::NotFound),
        _ => {}
    }
    let mentions = mentions(connection, conversation, &body, here)?;
    Ok(Post { body, reply, thread, forwarded: None, mentions, card })
}

/// A thread of a thread is that thread.
fn root_of(
    connection: &Connection,
    conversation: ConversationId,
    membership: Membership,
    seq: Seq,
) -> Result<Seq> {
    let entry = visible_message(connection, conversation, membership, seq)?;
    Ok(entry.what.thread().unwrap_or(seq))
}

/// A message at a place, taken back or not.
fn visible_message(
    connection: &Connection,
    conversation: ConversationId,
    membership: Membership,
    seq: Seq,
) -> Result<Entry> {
    folded::at(connection, conversation, seq)?
        .filter(|entry| membership.visible(seq) && matches!(entry.what, What::Posted(_)))
        .ok_or(StoreError::NotFound)
}

/// Whom a text calls: of the names in it those of members.
fn mentions(
    connection: &Connection,
    conversation: ConversationId,
    body: &Body,
    here: Vec<UserId>,
) -> Result<Mentions> {
    let mut fault = None;
    let called = mention::called(body.as_str(), |name| {
        member(connection, conversation, name).unwrap_or_else(|error| {
            fault = Some(error);
            None
        })
    });
    if let Some(fault) = fault {
        return Err(fault);
    }
    let mut users = called.users;
    if called.here {
        for user in here {
            if users.len() >= MENTIONED {
                break;
            }
            if !users.contains(&user) && changes::membership(connection, user, conversation).is_ok() {
                users.push(user);
            }
        }
    }
    Ok(Mentions { users: List::first(users), everybody: called.everybody })
}

fn member(connection: &Connection, conversation: ConversationId, name: &str) -> Result<Option<UserId>> {
    connection
        .prepare_cached(
            "SELECT users.id FROM users JOIN members ON members.user = users.id
             WHERE users.name = ? AND conversation = ? AND left_after IS NULL",
        )
        .and_then(|mut statement| {
            statement.query_row((name, number(conversation)), |row| rows::id(row, 0)).optional()
        })
        .map_err(fault)
}

pub(super) fn forward(
    connection: &Connection,
    new: NewChange,
    conversation: ConversationId,
    from: (ConversationId, Seq),
) -> Result<Outcome> {
    once(connection, new, || {
        changes::membership(connection, new.author, conversation)?;
        let source = changes::membership(connection, new.author, from.0)?;
        let entry = visible_message(connection, from.0, source, from.1)?;
        let Some(said) = entry.message() else { return Err(StoreError::NotFound) };
        let place = is_for_notes(connection, conversation, new.author)?.then_some(from);
        let (author, at) =
            said.forwarded.as_ref().map_or((entry.author, entry.at), |first| (first.author, first.at));
        let forwarded = Some(Forwarded { author, at, place });
        let post = Post { forwarded, ..Post::plain(said.body.clone()) };
        append(connection, new, conversation, What::Posted(post))
    })
}

/// Whether this is somebody's conversation with themselves.
fn is_for_notes(connection: &Connection, conversation: ConversationId, user: UserId) -> Result<bool> {
    connection
        .prepare_cached("SELECT direct_key = ? FROM conversations WHERE id = ?")
        .and_then(|mut statement| {
            let key = format!("{user}:{user}");
            statement.query_row((key, number(conversation)), |row| row.get::<_, Option<bool>>(0))
        })
        .map(Option::unwrap_or_default)
        .map_err(fault)
}

/// Alters a message, or finds that it is so already.
pub(super) fn amend(connection: &Connection, new: NewChange, deed: &Deed) -> Result<Outcome> {
    once(connection, new, || {
        let (Some(conversation), Some(target)) = (deed.conversation(), deed.target()) else {
            return Err(StoreError::NotFound);
        };
        let membership = changes::membership(connection, new.author, conversation)?;
        let entry = visible_message(connection, conversation, membership, target)?;
        match amendment(&entry, new.author, deed)? {
            Some(what) => append(connection, new, conversation, what),
            None => at_head(connection, conversation),
        }
    })
}

/// What a deed makes of an entry: `None` if it is so already.
fn amendment(entry: &Entry, author: UserId, deed: &Deed) -> Result<Option<What>> {
    let mine = entry.author == author;
    if let (Deed::Recall { .. }, What::Posted(post)) = (deed, &entry.what) {
        if !mine {
            return Err(StoreError::NotAllowed);
        }
        let was = Was { author, thread: post.thread, mentions: post.mentions.clone() };
        return Ok((!entry.is_recalled()).then_some(What::Recalled { target: entry.seq, was }));
    }
    let post = entry.message().ok_or(StoreError::NotAllowed)?;
    let nothing = Folded::default();
    let more = entry.more.as_deref().unwrap_or(&nothing);
    let is_news = match deed {
        Deed::Edit { body, .. } => {
            let is_fixed = matches!(post.card, Some(Card::Poll { .. })) || post.forwarded.is_some();
            if !mine || is_fixed {
                return Err(StoreError::NotAllowed);
            }
            post.body != *body
        }
        Deed::React { emoji, on, .. } => {
            let known = more.reactions.iter().find(|reaction| reaction.emoji == *emoji);
            let people: usize = more.reactions.iter().map(|reaction| reaction.users.len()).sum();
            let is_on = known.is_some_and(|reaction| reaction.users.contains(&author));
            if *on && !is_on && (people >= REACTED || (known.is_none() && more.reactions.len() >= REACTIONS))
            {
                return Err(StoreError::TooMany);
            }
            is_on != *on
        }
        Deed::Pin { on, .. } => more.pinned != *on,
        Deed::Vote { choices, .. } => votes(post, more, author, choices)?,
        Deed::Close { .. } => {
            if !mine || post.card.is_none() {
                return Err(StoreError::NotAllowed);
            }
            !more.closed
        }
        Deed::AddLine { text, .. } => {
            if !matches!(post.card, Some(Card::Chain)) || more.closed {
                return Err(StoreError::NotAllowed);
            }
            let bytes: usize = more.lines.iter().map(|line| line.text.as_str().len()).sum();
            if more.lines.len() >= LINES || bytes + text.as_str().len() > LINES_BYTES {
                return Err(StoreError::TooMany);
            }
            true
        }
        Deed::DropLine { line, .. } => match more.lines.iter().find(|known| known.seq == *line) {
            Some(known) if known.user != author || more.closed => return Err(StoreError::NotAllowed),
            known => known.is_some(),
        },
        _ => return Err(StoreError::NotFound),
    };
    Ok(deed.amends(author).filter(|_| is_news))
}

/// Whether a vote is news; an impossible one is refused.
fn votes(post: &Post, more: &Folded, author: UserId, choices: &[u8]) -> Result<bool> {
    let Some(Card::Poll { choices: possible, many }) = &post.card else { return Err(StoreError::NotAllowed) };
    let is_possible = |at: usize, choice: u8| {
        usize::from(choice) < possible.len() && !choices.iter().take(at).any(|before| *before == choice)
    };
    let are_possible = choices.iter().enumerate().all(|(at, choice)| is_possible(at, *choice));
    if more.closed || !are_possible || (choices.len() > 1 && !many) {
        return Err(StoreError::NotAllowed);
    }
    let before = more.votes.iter().find(|(who, _)| *who == author);
    if before.is_none() && !choices.is_empty() && more.votes.len() >= REACTED {
        return Err(StoreError::TooMany);
    }
    Ok(before.map_or(&[] as &[u8], |(_, before)| before) != choices)
}
