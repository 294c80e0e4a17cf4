//! Who asks: by the cookie of a browser or the bearer token of a program.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use shared::code::Code;

use crate::actions::accounts::{self, SESSION_LASTS};
use crate::app::App;
use crate::config::Config;
use crate::error::Error;
use crate::store::{SecretHash, Session};
use crate::token;

/// Someone who is signed in.
pub(super) struct Caller {
    pub(super) session: Session,
    /// What the store knows the session's secret by.
    pub(super) token: SecretHash,
    /// The secret as it was shown.
    pub(super) secret: String,
    /// Whether it was shown as a bearer token, which no browser does by itself.
    pub(super) is_bearer: bool,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Error> {
        let shown = bearer(&parts.headers).map(|secret| (secret, true));
        let shown = shown.or_else(|| cookie_of(&app.config, &parts.headers).map(|secret| (secret, false)));
        let Some((secret, is_bearer)) = shown else { return Err(Error::Refused(Code::SignedOut)) };
        let token = token::hash(secret);
        let session = accounts::session(app, token).await?;
        Ok(Self { session, token, secret: secret.to_owned(), is_bearer })
    }
}

/// The header that gives a browser its session's secret.
pub(super) fn cookie(config: &Config, secret: &str) -> Result<[(HeaderName, HeaderValue); 1], Error> {
    set_cookie(config, secret, SESSION_LASTS / 1_000)
}

/// The header that takes it away again.
pub(super) fn no_cookie(config: &Config) -> Result<[(HeaderName, HeaderValue); 1], Error> {
    set_cookie(config, "", 0)
}

fn set_cookie(config: &Config, secret: &str, seconds: u64) -> Result<[(HeaderName, HeaderValue); 1], Error> {
    let secure = if config.secure_cookies { "; Secure" } else { "" };
    let name = name(config);
    let cookie = format!("{name}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut cookie = HeaderValue::try_from(cookie).map_err(|error| Error::Fault(error.to_string()))?;
    cookie.set_sensitive(true);
    Ok([(header::SET_COOKIE, cookie)])
}

/// Browsers take a `__Host-` cookie only over TLS, and never from a sibling domain.
const fn name(config: &Config) -> &'static str {
    if config.secure_cookies { "__Host-magpie" } else { "magpie" }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, secret) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

fn cookie_of<'a>(config: &Config, headers: &'a HeaderMap) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name(config)).map(|(_, secret)| secret)
}
