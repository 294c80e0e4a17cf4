//! Everything that is asked over HTTP.

mod accounts;
mod assets;
mod body;
mod caller;
mod headers;
mod invitations;
mod lookup;
mod messages;
mod origin;
mod search;
mod server;
mod sessions;
mod upgrade;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use shared::code::Code;

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
        .layer(from_fn(in_time))
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
        .route("/conversations/{conversation}/pins", get(messages::pins))
        .route("/conversations/{conversation}/messages/{seq}/versions", get(messages::versions))
        .route("/conversations/{conversation}/threads/{seq}", get(messages::replies))
        .route("/conversations/{conversation}/at", get(search::first_at))
        .route("/search", get(search::search))
        .route("/server", get(server::show))
        .fallback(no_such_thing)
        .method_not_allowed_fallback(no_such_method)
        .layer(from_fn(body::only_json))
}

async fn in_time(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(ANSWERED, next.run(request)).await;
    answer.unwrap_or_else(|_| Error::Late.into_response())
}

async fn no_such_thing() -> Error {
    Error::Refused(Code::NotFound)
}

async fn no_such_method() -> Error {
    Error::NoSuchMethod
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use shared::http::Refusal;
    use tower::ServiceExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_is_not_answered_in_time_is_refused_in_json() {
        let router = Router::new().route("/", get(std::future::pending::<()>)).layer(from_fn(in_time));
        let answer = router.oneshot(Request::new(Body::empty())).await.unwrap();
        assert_eq!(answer.status(), 408);
        let body = to_bytes(answer.into_body(), 1_000).await.unwrap();
        assert_eq!(serde_json::from_slice::<Refusal>(&body).unwrap().code, Code::Busy);
    }
}
