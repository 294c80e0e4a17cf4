//! `GET /api/people`, `GET /api/channels`, and who is in a conversation.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use shared::code::Code;
use shared::http::{Channels, People};
use shared::id::ConversationId;

use super::caller::Caller;
use crate::access;
use crate::actions::find;
use crate::app::App;
use crate::error::Error;

/// Longest query, in bytes: nothing that can be found is longer.
const QUERY: usize = 512;

/// What is looked for; nothing finds all.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
}

impl Wanted {
    fn check(query: Result<Query<Self>, QueryRejection>) -> Result<String, Error> {
        let Query(Self { q }) = query.map_err(|_| Error::Refused(Code::Malformed))?;
        if q.len() > QUERY { Err(Error::Refused(Code::TooLong)) } else { Ok(q.trim().to_owned()) }
    }
}

pub(super) async fn people(
    State(app): State<Arc<App>>,
    _: Caller,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<People>, Error> {
    Ok(Json(find::find_people(&app, Wanted::check(query)?).await?))
}

pub(super) async fn channels(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Channels>, Error> {
    Ok(Json(find::find_channels(&app, caller.session.person.id, Wanted::check(query)?).await?))
}

pub(super) async fn members(
    State(app): State<Arc<App>>,
    caller: Caller,
    conversation: Result<Path<String>, PathRejection>,
) -> Result<Json<People>, Error> {
    // What is no number names no conversation.
    let conversation = conversation.ok().and_then(|Path(number)| number.parse().ok());
    let conversation: ConversationId = conversation.ok_or(Error::Refused(Code::NotFound))?;
    let member = access::member(&app, caller.session.person.id, conversation).await?;
    Ok(Json(find::members(&app, member).await?))
}
