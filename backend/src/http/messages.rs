//! What a message said before, what is pinned to a conversation, and what was replied in a thread.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use shared::code::Code;
use shared::http::{Pins, Replies, Versions};
use shared::id::{ConversationId, Seq};

use super::caller::Caller;
use crate::access;
use crate::actions::history;
use crate::app::App;
use crate::error::Error;

pub(super) async fn versions(
    State(app): State<Arc<App>>,
    caller: Caller,
    place: Result<Path<(String, String)>, PathRejection>,
) -> Result<Json<Versions>, Error> {
    let (conversation, seq) = named(place)?;
    let member = access::member(&app, caller.session.person.id, conversation).await?;
    Ok(Json(history::versions(&app, member, seq).await?))
}

pub(super) async fn pins(
    State(app): State<Arc<App>>,
    caller: Caller,
    conversation: Result<Path<String>, PathRejection>,
) -> Result<Json<Pins>, Error> {
    let conversation = conversation.ok().and_then(|Path(number)| number.parse().ok());
    let conversation: ConversationId = conversation.ok_or(Error::Refused(Code::NotFound))?;
    let member = access::member(&app, caller.session.person.id, conversation).await?;
    Ok(Json(history::pins(&app, member).await?))
}

/// Which of the replies.
#[derive(Deserialize)]
pub(super) struct Wanted {
    before: Option<Seq>,
}

pub(super) async fn replies(
    State(app): State<Arc<App>>,
    caller: Caller,
    place: Result<Path<(String, String)>, PathRejection>,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Replies>, Error> {
    let (conversation, thread) = named(place)?;
    let Query(Wanted { before }) = query.map_err(|_| Error::Refused(Code::Malformed))?;
    let member = access::member(&app, caller.session.person.id, conversation).await?;
    Ok(Json(history::replies(&app, member, thread, before).await?))
}

/// The message that a path names. What are no numbers name none.
fn named(place: Result<Path<(String, String)>, PathRejection>) -> Result<(ConversationId, Seq), Error> {
    let numbers = place.ok().and_then(|Path((conversation, seq))| {
        Some((conversation.parse().ok()?, Seq::try_from(seq.parse::<u64>().ok()?).ok()?))
    });
    numbers.ok_or(Error::Refused(Code::NotFound))
}
