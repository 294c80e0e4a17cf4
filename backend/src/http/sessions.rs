//! `POST /api/sessions`, `POST /api/tokens`, `GET` and `DELETE /api/session`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use shared::http::{SignIn, SignedIn, Token};

use super::body::Sent;
use super::caller::{self, Caller};
use crate::actions::accounts;
use crate::app::App;
use crate::error::Error;
use crate::listen::Peer;

pub(super) async fn sign_in(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    Sent(wanted): Sent<SignIn>,
) -> Result<Response, Error> {
    let new = accounts::sign_in(&app, wanted, peer.network()).await?;
    let cookie = caller::cookie(&app.config, &new.token)?;
    Ok((StatusCode::CREATED, cookie, Json(new.signed_in)).into_response())
}

pub(super) async fn make_token(
    State(app): State<Arc<App>>,
    Extension(peer): Extension<Peer>,
    Sent(wanted): Sent<SignIn>,
) -> Result<Response, Error> {
    let new = accounts::sign_in(&app, wanted, peer.network()).await?;
    let token = Token { signed_in: new.signed_in, token: new.token };
    Ok((StatusCode::CREATED, Json(token)).into_response())
}

/// Gives the cookie anew, so that it lasts as long as the session.
pub(super) async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Error> {
    let signed_in = Json(SignedIn { me: caller.session.person, session: caller.session.id });
    if caller.is_bearer {
        return Ok(signed_in.into_response());
    }
    Ok((caller::cookie(&app.config, &caller.secret)?, signed_in).into_response())
}

pub(super) async fn sign_out(State(app): State<Arc<App>>, caller: Caller) -> Result<Response, Error> {
    accounts::sign_out(&app, caller.session.id).await?;
    Ok((StatusCode::NO_CONTENT, caller::no_cookie(&app.config)?).into_response())
}
