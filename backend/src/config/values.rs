//! From what was written to what it means.

use std::net::SocketAddr;
use std::str::FromStr;

use axum::http::uri::Authority;
use shared::http::Registration;

use super::layers::Layers;
use super::{Config, ConfigError};

/// What may be set for the page of counts.
const METRICS: &str = if cfg!(feature = "metrics") {
    "an address such as 127.0.0.1:9100"
} else {
    "left out: this program was built without the feature metrics"
};

/// Reads all settings; what was not given is as in [`Config::default`].
pub(super) fn read(layers: &Layers) -> Result<Config, ConfigError> {
    let defaults = Config::default();
    let origins =
        read_one(layers, "origins", "a list such as https://chat.example.org", origins)?.unwrap_or_default();
    let all_tls = !origins.is_empty() && origins.iter().all(|origin| origin.starts_with("https://"));
    let number = "a whole number from 1";
    Ok(Config {
        listen: read_one(layers, "listen", "an address such as 127.0.0.1:8080", parsed)?
            .unwrap_or(defaults.listen),
        data: read_one(layers, "data", "a folder", named)?.map_or(defaults.data, Into::into),
        registration: read_one(layers, "registration", "open, invitation or closed", registration)?
            .unwrap_or(defaults.registration),
        origins,
        secure_cookies: read_one(layers, "secure-cookies", "true or false", parsed)?.unwrap_or(all_tls),
        connections: read_one(layers, "connections", number, counted)?.unwrap_or(defaults.connections),
        connections_per_address: read_one(layers, "connections-per-address", number, counted)?
            .unwrap_or(defaults.connections_per_address),
        accounts_per_hour: read_one(layers, "accounts-per-hour", number, counted)?
            .unwrap_or(defaults.accounts_per_hour),
        deeds_per_second: read_one(layers, "deeds-per-second", number, parsed)?
            .unwrap_or(defaults.deeds_per_second),
        deed_burst: read_one(layers, "deed-burst", number, parsed)?.unwrap_or(defaults.deed_burst),
        log: read_one(layers, "log", "a filter such as info,backend=debug", filter)?.unwrap_or(defaults.log),
        log_json: read_one(layers, "log-json", "true or false", parsed)?.unwrap_or(defaults.log_json),
        metrics: read_one(layers, "metrics", METRICS, metrics)?,
        check_every: defaults.check_every,
        hellos_at_once: defaults.hellos_at_once,
        hello_wait: defaults.hello_wait,
    })
}

fn read_one<T>(
    layers: &Layers,
    key: &str,
    expected: &str,
    read: fn(&str) -> Option<T>,
) -> Result<Option<T>, ConfigError> {
    let Some(given) = layers.get(key) else { return Ok(None) };
    let value = read(given.text.trim());
    let refused = || ConfigError(format!("{} is {:?}, but must be {expected}", given.place, given.text));
    value.map(Some).ok_or_else(refused)
}

fn metrics(text: &str) -> Option<SocketAddr> {
    parsed(text).filter(|_| cfg!(feature = "metrics"))
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn named(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn counted(text: &str) -> Option<usize> {
    text.parse().ok().filter(|count| *count > 0)
}

fn registration(text: &str) -> Option<Registration> {
    match text {
        "open" => Some(Registration::Open),
        "invitation" => Some(Registration::Invitation),
        "closed" => Some(Registration::Closed),
        _ => None,
    }
}

fn filter(text: &str) -> Option<String> {
    tracing_subscriber::EnvFilter::try_new(text).ok().map(|_| text.to_owned())
}

fn origins(text: &str) -> Option<Vec<String>> {
    text.split(',').map(str::trim).filter(|origin| !origin.is_empty()).map(origin).collect()
}

/// An origin as browsers send it: scheme and authority, in lower case, without a path and without the usual port.
fn origin(text: &str) -> Option<String> {
    let (scheme, authority) = text.split_once("://")?;
    let usual = match scheme {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let is_plain = !authority.contains(['/', '@', '?', '#', ' ', '*'])
        && !authority.bytes().any(|byte| byte.is_ascii_uppercase());
    let authority: Authority = authority.parse().ok().filter(|_| is_plain)?;
    let host = authority.host();
    match authority.as_str().strip_prefix(host)? {
        "" => Some(format!("{scheme}://{host}")),
        port => {
            let port: u16 = port.strip_prefix(':')?.parse().ok()?;
            let is_usual = port == usual;
            Some(if is_usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_kept_as_browsers_send_it() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(origin(text).as_deref(), expected, "{text}");
        check("https://chat.example.org", Some("https://chat.example.org"));
        check("https://chat.example.org:443", Some("https://chat.example.org"));
        check("http://chat.example.org:80", Some("http://chat.example.org"));
        check("http://chat.example.org:443", Some("http://chat.example.org:443"));
        check("https://[::1]:8443", Some("https://[::1]:8443"));
        check("https://[::1]:443", Some("https://[::1]"));
        check("https://chat.example.org:65535", Some("https://chat.example.org:65535"));
        check("https://chat.example.org:65536", None);
        check("https://chat.example.org:", None);
        check("https://", None);
        check("https://chat.example.org/", None);
        check("https://Chat.example.org", None);
        check("ftp://chat.example.org", None);
        check("chat.example.org", None);
    }
}
