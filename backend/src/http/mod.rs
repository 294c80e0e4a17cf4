//! Everything that is asked over HTTP.

mod accounts;
mod assets;
mod body;
mod caller;
mod headers;
mod invitations;
mod lookup;
mod origin;
mod server;
mod sessions;
mod upgrade;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::{from_fn, map_response};
use axum::routing::{get, post};
use shared::code::Code;
use tower_http::timeout::TimeoutLayer;

use crate::app::App;
use crate::error::Error;

/// A request is answered within this time.
const ANSWERED: Duration = Duration::from_secs(30);

/// All routes.
pub fn router(app: &Arc<App>) -> Router {
    Router::new()
        .nest("/api", api())
        .route("/health", get(server::health))
        .route("/ws", get(upgrade::chat))
        .route("/echo", get(upgrade::echo))
        .route("/files/{*path}", get(no_such_thing))
        .fallback(assets::serve)
        .method_not_allowed_fallback(no_such_method)
        .layer(origin::csrf(&app.config))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, ANSWERED))
        .layer(map_response(headers::secure))
        .with_state(Arc::clone(app))
}

fn api() -> Router<Arc<App>> {
    Router::new()
        .route("/accounts", post(accounts::sign_up))
        .route("/sessions", post(sessions::sign_in))
        .route("/tokens", post(sessions::make_token))
        .route("/session", get(sessions::show).delete(sessions::sign_out))
        .route("/invitations", post(invitations::invite))
        .route("/people", get(lookup::people))
        .route("/channels", get(lookup::channels))
        .route("/conversations/{conversation}/members", get(lookup::members))
        .route("/server", get(server::show))
        .fallback(no_such_thing)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn(body::only_json))
}

async fn no_such_thing() -> Error {
    Error::Refused(Code::NotFound)
}

async fn no_such_method() -> Error {
    Error::NoSuchMethod
}
