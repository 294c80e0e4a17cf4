//! `GET /api/search`, and which place of a conversation is of what time.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use shared::code::Code;
use shared::http::{HITS, Moment, Results};
use shared::id::{ConversationId, Seq, Timestamp, UserId};

use super::caller::Caller;
use crate::access;
use crate::actions::find;
use crate::app::App;
use crate::error::Error;
use crate::store::Search;

/// Longest query, in bytes: some 170 Chinese characters, of which the first 32 words are looked for.
const QUERY: usize = 512;

/// What is looked for, as it stands in the address.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(rename = "in")]
    conversation: Option<ConversationId>,
    from: Option<UserId>,
    after: Option<Timestamp>,
    before: Option<Timestamp>,
    has: Option<Has>,
    mentions: Option<Whom>,
    cursor: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Whom {
    Me,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Has {
    Link,
    File,
}

impl Wanted {
    fn check(self) -> Result<Search, Error> {
        if self.q.len() > QUERY {
            return Err(Error::Refused(Code::TooLong));
        }
        let cursor = self.cursor.map(|cursor| place(&cursor).ok_or(Error::Refused(Code::Malformed)));
        Ok(Search {
            words: self.q,
            conversation: self.conversation,
            author: self.from,
            after: self.after,
            before: self.before,
            has_link: self.has == Some(Has::Link),
            has_file: self.has == Some(Has::File),
            mentions_me: self.mentions.is_some(),
            cursor: cursor.transpose()?,
            limit: HITS,
        })
    }
}

/// `7.58`: place 58 of conversation 7.
fn place(cursor: &str) -> Option<(ConversationId, Seq)> {
    let (conversation, seq) = cursor.split_once('.')?;
    let seq: u64 = seq.parse().ok()?;
    Some((conversation.parse().ok()?, seq.try_into().ok()?))
}

pub(super) async fn search(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Results>, Error> {
    let Query(wanted) = query.map_err(|_| Error::Refused(Code::Malformed))?;
    Ok(Json(find::search(&app, caller.session.person.id, wanted.check()?).await?))
}

/// A moment as it stands in the address.
#[derive(Deserialize)]
pub(super) struct When {
    time: Timestamp,
}

pub(super) async fn first_at(
    State(app): State<Arc<App>>,
    caller: Caller,
    conversation: Result<Path<String>, PathRejection>,
    when: Result<Query<When>, QueryRejection>,
) -> Result<Json<Moment>, Error> {
    let conversation = conversation.ok().and_then(|Path(number)| number.parse().ok());
    let conversation: ConversationId = conversation.ok_or(Error::Refused(Code::NotFound))?;
    let Query(When { time }) = when.map_err(|_| Error::Refused(Code::Malformed))?;
    let member = access::member(&app, caller.session.person.id, conversation).await?;
    Ok(Json(find::first_at(&app, member, time).await?))
}
