//! `POST /api/invitations`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use shared::http::Invitation;

use super::caller::Caller;
use crate::actions::accounts;
use crate::app::App;
use crate::error::Error;

pub(super) async fn invite(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<(StatusCode, Json<Invitation>), Error> {
    let invitation = accounts::invite(&app, &caller.session.person).await?;
    Ok((StatusCode::CREATED, Json(invitation)))
}
