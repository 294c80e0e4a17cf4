//! Which web pages may talk to this server.

use axum::body::Body;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use shared::code::Code;
use tower_http::csrf::{CsrfLayer, ProtectionError, ResponseForProtectionError};

use crate::config::Config;
use crate::error::Error;

/// Where `trunk serve` serves the client under development.
const UNDER_DEVELOPMENT: [&str; 2] = ["http://127.0.0.1:8081", "http://localhost:8081"];

/// What the `Origin` of a request says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// A page that may.
    Allowed,
    /// A page that may not.
    Refused,
    /// No page: a program.
    Absent,
}

/// Compares the `Origin` exactly: with the list, or where there is none with the host that was asked.
pub(super) fn check(config: &Config, headers: &HeaderMap) -> Origin {
    let mut given = headers.get_all(header::ORIGIN).iter();
    let Some(origin) = given.next() else { return Origin::Absent };
    let (Ok(origin), None) = (origin.to_str(), given.next()) else { return Origin::Refused };
    let is_known = if config.origins.is_empty() {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let authority = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        host.is_some() && host == authority
    } else {
        config.origins.iter().any(|known| known == origin)
    };
    if is_known || is_under_development(origin) { Origin::Allowed } else { Origin::Refused }
}

/// Keeps pages of other origins from changing anything.
pub(super) fn csrf(config: &Config) -> CsrfLayer<BadOrigin> {
    let trusted = config.origins.iter().map(String::as_str);
    let trusted = trusted.chain(UNDER_DEVELOPMENT.into_iter().filter(|origin| is_under_development(origin)));
    let layer = trusted.fold(CsrfLayer::new(), |layer, origin| {
        // Origins were checked with the settings; one that is none is trusted by nobody.
        layer.clone().add_trusted_origin(origin).unwrap_or(layer)
    });
    layer.with_rejection_response(BadOrigin)
}

/// The answer to a page that may not.
#[derive(Clone, Copy)]
pub(super) struct BadOrigin;

impl ResponseForProtectionError<Body> for BadOrigin {
    fn response_for_protection_error(&mut self, _: ProtectionError) -> Response {
        Error::Refused(Code::BadOrigin).into_response()
    }
}

fn is_under_development(origin: &str) -> bool {
    cfg!(debug_assertions) && UNDER_DEVELOPMENT.contains(&origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_origin(origins: &[&str], host: &str, origin: &str, expected: Origin) {
        let config =
            Config { origins: origins.iter().map(|o| (*o).to_owned()).collect(), ..Config::default() };
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        headers.insert(header::ORIGIN, origin.parse().unwrap());
        assert_eq!(check(&config, &headers), expected, "{origin} asking {host}, of {origins:?}");
    }

    #[test]
    fn only_an_exact_origin_is_allowed() {
        use Origin::{Allowed, Refused};
        for (origin, expected) in [
            ("https://chat.example.org", Allowed),
            ("http://chat.example.org", Refused),
            ("https://chat.example.org.", Refused),
            ("https://chat.example.org:443", Refused),
            ("https://chat.example.org:8443", Refused),
            ("https://CHAT.example.org", Refused),
            ("https://a.chat.example.org", Refused),
            ("https://chat.example.org.evil.example", Refused),
            ("https://evilchat.example.org", Refused),
            ("https://chat.example.org/", Refused),
            ("null", Refused),
            ("", Refused),
        ] {
            check_origin(&["https://chat.example.org"], "chat.example.org", origin, expected);
        }
        check_origin(&[], "10.0.0.7:8080", "http://10.0.0.7:8080", Allowed);
        check_origin(&[], "chat.example.org", "https://chat.example.org", Allowed);
        check_origin(&[], "10.0.0.7:8080", "http://10.0.0.7:8081", Refused);
        check_origin(&[], "10.0.0.7:8080", "ftp://10.0.0.7:8080", Refused);
        check_origin(&[], "10.0.0.7:8080", "10.0.0.7:8080", Refused);
    }
}
