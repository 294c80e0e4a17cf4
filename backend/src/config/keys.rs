//! The table of settings: the one list that flags, environment and file share.

use clap::{Parser, Subcommand};

/// Each setting as the file calls it; `MAGPIE_` and upper case make its environment variable, `--` its flag.
pub(super) const KEYS: [&str; 13] = [
    "listen",
    "data",
    "registration",
    "origins",
    "secure-cookies",
    "connections",
    "connections-per-address",
    "accounts-per-hour",
    "deeds-per-second",
    "deed-burst",
    "log",
    "log-json",
    "metrics",
];

/// A self-hosted messenger that never loses and never lies. Alone it serves.
///
/// Every setting can also stand in the environment (`MAGPIE_DEED_BURST`) or in a TOML file (`deed-burst`).
#[derive(Debug, Default, Parser)]
#[command(name = "magpie", version, next_line_help = false)]
pub struct Flags {
    /// What to do instead of serving
    #[command(subcommand)]
    pub command: Option<Command>,
    /// A TOML file with settings
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<String>,
    /// The address to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// The folder that everything is kept in [default: ./data]
    #[arg(long, value_name = "FOLDER", global = true)]
    pub data: Option<String>,
    /// How new accounts come to be: open, invitation or closed [default: open]
    #[arg(long, value_name = "HOW")]
    pub registration: Option<String>,
    /// The web origins that people open Magpie at, with commas between; none: the one that is asked
    #[arg(long, value_name = "ORIGINS")]
    pub origins: Option<String>,
    /// Whether cookies need TLS: true or false [default: true if all origins are https]
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub secure_cookies: Option<String>,
    /// Most connections at once [default: 20000]
    #[arg(long, value_name = "NUMBER")]
    pub connections: Option<String>,
    /// Most connections at once from one address [default: 1000]
    #[arg(long, value_name = "NUMBER")]
    pub connections_per_address: Option<String>,
    /// Most accounts that may be made from one address within an hour [default: 1000]
    #[arg(long, value_name = "NUMBER")]
    pub accounts_per_hour: Option<String>,
    /// Messages a second that one person may send in the long run [default: 5]
    #[arg(long, value_name = "NUMBER")]
    pub deeds_per_second: Option<String>,
    /// Messages that one person may send at once [default: 40]
    #[arg(long, value_name = "NUMBER")]
    pub deed_burst: Option<String>,
    /// What is logged, as in info,backend=debug [default: info]
    #[arg(long, value_name = "FILTER")]
    pub log: Option<String>,
    /// Logs in JSON
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true")]
    pub log_json: Option<String>,
    /// An address for a page of counts that Prometheus reads, such as 127.0.0.1:9100; none: no page
    #[arg(long, value_name = "ADDRESS")]
    pub metrics: Option<String>,
}

/// What the program can do besides serving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Reads the whole database and names the first fault; changes nothing, and works while a server runs
    ///
    /// Ends with 0 if there is none, with 1 if there is one, with 2 if the database cannot be read.
    Check,
}

impl Flags {
    /// Which settings were given, under the names of [`KEYS`].
    pub(super) fn given(self) -> impl Iterator<Item = (&'static str, String)> {
        // In the order of KEYS; a test holds the two together.
        let values = [
            self.listen,
            self.data,
            self.registration,
            self.origins,
            self.secure_cookies,
            self.connections,
            self.connections_per_address,
            self.accounts_per_hour,
            self.deeds_per_second,
            self.deed_burst,
            self.log,
            self.log_json,
            self.metrics,
        ];
        KEYS.into_iter().zip(values).filter_map(|(key, value)| Some((key, value?)))
    }
}

/// The environment variable of a setting.
pub(super) fn variable(key: &str) -> String {
    format!("MAGPIE_{}", key.to_uppercase().replace('-', "_"))
}

/// The setting that this misspelt one is most like, if any is.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|key| (strsim::jaro_winkler(wrong, key), key))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, key)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_its_flag() {
        for key in KEYS {
            let flags = Flags::parse_from(["magpie", &format!("--{key}"), "7"]);
            assert_eq!(flags.given().collect::<Vec<_>>(), [(key, "7".to_owned())]);
        }
    }

    #[test]
    fn a_slip_of_the_pen_finds_what_was_meant() {
        assert_eq!(nearest("lissten", KEYS.into_iter()), Some("listen"));
        assert_eq!(nearest("colour", KEYS.into_iter()), None);
    }
}
