//! `POST /api/accounts`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use shared::http::SignUp;

use super::body::Sent;
use super::caller;
use crate::actions::accounts;
use crate::app::App;
use crate::error::Error;
use crate::listen::Peer;

pub(super) async fn sign_up(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    Sent(wanted): Sent<SignUp>,
) -> Result<Response, Error> {
    let new = accounts::sign_up(&app, wanted, peer.network()).await?;
    let cookie = caller::cookie(&app.config, &new.token)?;
    Ok((StatusCode::CREATED, cookie, Json(new.signed_in)).into_response())
}
