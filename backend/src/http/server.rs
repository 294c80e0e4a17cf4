//! `GET /api/server` and `GET /health`: what anyone may know.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::frame::LEVEL;
use shared::http::Server;

use crate::app::App;
use crate::error::Error;

/// The version of the program.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The answer of `GET /health`.
#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
    version: &'static str,
}

pub(super) async fn show(State(app): State<Arc<App>>) -> Result<Json<Server>, Error> {
    Ok(Json(Server {
        version: VERSION.to_owned(),
        level: LEVEL,
        registration: app.config.registration,
        owned: app.store.is_owned().await?,
    }))
}

/// Well as long as the store answers.
pub(super) async fn health(State(app): State<Arc<App>>) -> Result<Json<Health>, Error> {
    app.store.epoch().await?;
    Ok(Json(Health { status: "ok", version: VERSION }))
}
