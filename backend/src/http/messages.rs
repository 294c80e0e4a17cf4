//! What a message said before, and what is pinned to a conversation.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use shared::code::Code;
use shared::http::{Pins, Versions};
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
    // What are no numbers name no message.
    let numbers = place.ok().and_then(|Path((conversation, seq))| {
        Some((conversation.parse().ok()?, Seq::try_from(seq.parse::<u64>().ok()?).ok()?))
    });
    let (conversation, seq): (ConversationId, Seq) = numbers.ok_or(Error::Refused(Code::NotFound))?;
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
