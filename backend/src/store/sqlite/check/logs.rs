//! Each conversation's log from its first place to its head, and what is kept beside it.

use rusqlite::{Connection, Row};
use shared::id::{ConversationId, Seq, UserId};
use shared::model::{Kind, What};
use shared::text::Title;

use super::fold::Fold;
use super::{Result, fault, unreadable};
use crate::store::sqlite::rows::{self, CHANGE, number};

/// A conversation as its row says it is.
struct Conversation {
    id: ConversationId,
    kind: Kind,
    direct_key: Option<String>,
    head: Seq,
    /// Whether every account is in it: then nobody made it.
    is_everyones: bool,
}

/// Checks every log; says how many places there are.
pub(super) fn check(connection: &Connection) -> Result<u64> {
    let mut statement = connection
        .prepare("SELECT id, kind, direct_key, head, title, folded, everyone FROM conversations ORDER BY id")
        .map_err(unreadable)?;
    let mut conversations = statement.query([]).map_err(unreadable)?;
    let mut changes = 0;
    while let Some(row) = conversations.next().map_err(unreadable)? {
        let conversation = conversation(row)?;
        let fold = log(connection, &conversation)?;
        members(connection, &conversation, &fold)?;
        changes += conversation.head.get();
    }
    Ok(changes)
}

fn conversation(row: &Row<'_>) -> Result<Conversation> {
    let number: i64 = row.get(0).map_err(unreadable)?;
    let broken = |what: &str| fault(format!("conversation {number} has {what}"));
    let kind = rows::kind(row, 1).map_err(unreadable)?;
    if kind == Kind::Unknown {
        return Err(broken("an unknown kind"));
    }
    let direct_key: Option<String> = row.get(2).map_err(unreadable)?;
    if direct_key.is_some() != (kind == Kind::Direct) {
        return Err(broken("a kind that does not fit the key of its two people"));
    }
    if kind != Kind::Direct {
        let title: Title = rows::text(row, 4).map_err(|_| broken("an impossible title"))?;
        let folded: Option<String> = row.get(5).map_err(unreadable)?;
        if folded != Some(title.as_str().to_lowercase()) {
            return Err(broken("another title to be found by than its own"));
        }
    }
    Ok(Conversation {
        id: rows::id(row, 0).map_err(|_| broken("an impossible number"))?,
        kind,
        direct_key,
        head: rows::id(row, 3).map_err(|_| broken("an impossible head"))?,
        is_everyones: row.get(6).map_err(|_| broken("no word on whether everyone is in it"))?,
    })
}

/// Reads the log in order and folds it.
fn log(connection: &Connection, conversation: &Conversation) -> Result<Fold> {
    let sql = format!(
        "SELECT {CHANGE}, counts,
             (SELECT d.conversation || '/' || d.seq FROM deeds d
              WHERE d.author = changes.author AND d.client_id = changes.client_id)
         FROM changes WHERE conversation = ? ORDER BY seq"
    );
    let mut statement = connection.prepare(&sql).map_err(unreadable)?;
    let mut changes = statement.query([number(conversation.id)]).map_err(unreadable)?;
    let (mut fold, mut last) = (Fold::default(), Seq::ZERO);
    while let Some(row) = changes.next().map_err(unreadable)? {
        let next = last.next();
        let there: i64 = row.get(1).map_err(unreadable)?;
        if there != number(next) {
            let id = conversation.id;
            return Err(fault(format!("the log of conversation {id} has {there} where {next} must be")));
        }
        place(row, conversation.id, next, &mut fold)?;
        last = next;
    }
    if last != conversation.head {
        let Conversation { id, head, .. } = conversation;
        return Err(fault(format!("the head of conversation {id} is {head}, but its log ends at {last}")));
    }
    Ok(fold)
}

/// One place: its deed, its payload, what was noted of it, and whether it follows from what came before.
fn place(row: &Row<'_>, conversation: ConversationId, seq: Seq, fold: &mut Fold) -> Result {
    let place = format!("{conversation}/{seq}");
    let broken = |what: &str| fault(format!("the change at {place} {what}"));
    let client_id: Option<[u8; 16]> = row.get(3).map_err(|_| broken("has an impossible client_id"))?;
    let deed: Option<String> = row.get(7).map_err(unreadable)?;
    match (client_id, deed) {
        (Some(_), None) => return Err(broken("comes from a deed that is not noted")),
        (Some(_), Some(deed)) if deed != place => {
            return Err(broken(&format!("comes from a deed that is noted as done at {deed}")));
        }
        _ => {}
    }
    let payload = row.get_ref(5).map_err(unreadable)?;
    let what: Option<What> = payload.as_str().ok().and_then(|json| serde_json::from_str(json).ok());
    let what = what.ok_or_else(|| broken("cannot be read"))?;
    let counts: i64 = row.get(6).map_err(unreadable)?;
    if counts.min(1) != i64::from(what.counts()) {
        return Err(broken("is not counted as what it is"));
    }
    let change = rows::change(row).map_err(unreadable)?;
    fold.apply(&change).map_err(broken)
}

/// The table of members says what the log says, and nobody has got or read what is not there.
fn members(connection: &Connection, conversation: &Conversation, fold: &Fold) -> Result {
    let Conversation { id, head, is_everyones, .. } = conversation;
    let mut statement = connection
        .prepare("SELECT user, left_after, read, visible_from, role, got FROM members WHERE conversation = ?")
        .map_err(unreadable)?;
    let mut rows = statement.query([number(*id)]).map_err(unreadable)?;
    let mut table = Fold::default();
    while let Some(row) = rows.next().map_err(unreadable)? {
        let user: UserId = rows::id(row, 0).map_err(unreadable)?;
        let broken = |what: &str| fault(format!("person {user} in conversation {id} {what}"));
        table.row(user, rows::optional_id(row, 1).map_err(unreadable)?);
        let (read, from): (i64, i64) =
            row.get(2).and_then(|read| Ok((read, row.get(3)?))).map_err(unreadable)?;
        if read < 0 || read > number(*head) {
            return Err(broken(&format!("has read up to {read} of {head}")));
        }
        let got: i64 = row.get(5).map_err(unreadable)?;
        if got < 0 || got > number(*head) {
            return Err(broken(&format!("has got up to {got} of {head}")));
        }
        if from < 1 || from > number(head.next()) {
            return Err(broken(&format!("may see from {from} of {head}")));
        }
        let role: String = row.get(4).map_err(unreadable)?;
        let owns = fold.is_made_by(user) && !is_everyones;
        if role != if owns { "owner" } else { "member" } {
            return Err(broken(&format!("is kept as its {role}")));
        }
    }
    if let Some(user) = fold.differs(&table) {
        return Err(fault(format!(
            "whether person {user} is in conversation {id} is one thing by the log and another by the list of members"
        )));
    }
    two_people(conversation, fold)
}

/// A direct conversation is found by the two who are in it.
fn two_people(conversation: &Conversation, fold: &Fold) -> Result {
    let Some(key) = conversation.direct_key.as_deref().filter(|_| conversation.kind == Kind::Direct) else {
        return Ok(());
    };
    let people: Vec<UserId> = fold.present().collect();
    let expected = match people.as_slice() {
        [one] => format!("{one}:{one}"),
        [one, other] => format!("{one}:{other}"),
        _ => String::new(),
    };
    if key == expected {
        return Ok(());
    }
    Err(fault(format!(
        "conversation {} is kept as that of {key}, who are not the ones in it",
        conversation.id
    )))
}

/// Each deed leads to a place that is there.
pub(super) fn deeds(connection: &Connection) -> Result {
    let mut statement = connection
        .prepare(
            "SELECT d.author, d.conversation, d.seq FROM deeds d
             LEFT JOIN changes c ON c.conversation = d.conversation AND c.seq = d.seq
             WHERE c.seq IS NULL OR length(d.client_id) <> 16 LIMIT 1",
        )
        .map_err(unreadable)?;
    let mut rows = statement.query([]).map_err(unreadable)?;
    let Some(row) = rows.next().map_err(unreadable)? else { return Ok(()) };
    let (author, conversation, seq): (i64, i64, i64) =
        row.get(0).and_then(|author| Ok((author, row.get(1)?, row.get(2)?))).map_err(unreadable)?;
    Err(fault(format!(
        "a deed of person {author} is noted as done at {conversation}/{seq}, where there is no change"
    )))
}
