//! Settings: a flag goes before the environment, the environment before the file, the file before the default.

mod keys;
mod layers;
mod values;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use shared::http::Registration;

pub use keys::{Command, Flags};
pub use layers::from_all;

/// A setting that cannot be used. The sentence names it, where it stands, and the way out.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder that everything is kept in.
    pub data: PathBuf,
    /// How new accounts come to be.
    pub registration: Registration,
    /// The web origins whose pages may talk to this server, such as `https://chat.example.org`. When there are none,
    /// a page may whose authority is the one it asks.
    pub origins: Vec<String>,
    /// Whether cookies are marked for TLS alone.
    pub secure_cookies: bool,
    /// Most connections at once.
    pub connections: usize,
    /// Most connections at once from one address.
    pub connections_per_address: usize,
    /// Most accounts that may be made from one address within an hour.
    pub accounts_per_hour: usize,
    /// Deeds a second that one person may do in the long run.
    pub deeds_per_second: NonZeroU32,
    /// Deeds that one person may do at once.
    pub deed_burst: NonZeroU32,
    /// What is logged, as in `info,backend=debug`.
    pub log: String,
    /// Whether the log is JSON.
    pub log_json: bool,
    /// Where the page of counts is, if anywhere; whoever reaches that address may read it.
    pub metrics: Option<SocketAddr>,
    /// How often a connection compares one of its conversations with the store. Nothing that one sets: with less, idle
    /// connections would cost what busy ones do.
    pub check_every: Duration,
    /// So many hellos are answered at once. Like the next, nothing that one sets: the server finds its own pace.
    pub hellos_at_once: usize,
    /// Who would wait longer for an answer to their hello is told to come back later.
    pub hello_wait: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            registration: Registration::Open,
            origins: Vec::new(),
            secure_cookies: false,
            connections: 20_000,
            connections_per_address: 1_000,
            accounts_per_hour: 1_000,
            deeds_per_second: NonZeroU32::MIN.saturating_add(4),
            deed_burst: NonZeroU32::MIN.saturating_add(39),
            log: "info".to_owned(),
            log_json: false,
            metrics: None,
            check_every: Duration::from_mins(1),
            hellos_at_once: 8,
            // Clients give up after 15 s.
            hello_wait: Duration::from_secs(10),
        }
    }
}
