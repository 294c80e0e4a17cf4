//! `magpie`: reads the settings, serves, and says in one sentence why if it cannot.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use backend::check::{self, Verdict};
use backend::config::{self, Command, Config, ConfigError, Flags};
use backend::start::{self, StartError};
use clap::Parser as _;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

#[cfg(all(feature = "sim", not(debug_assertions)))]
compile_error!("a release has no planted faults: build the server by itself, with `-p backend`");

/// Gives memory back sooner than the system's allocator and fragments less with many connections.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let flags = Flags::parse();
    let done = match flags.command {
        None => serve(flags).map(|()| ExitCode::SUCCESS),
        Some(Command::Check) => check(flags),
    };
    done.unwrap_or_else(|error| {
        // Nobody is left to tell if stderr is closed.
        let _ = writeln!(std::io::stderr(), "magpie: {error}");
        ExitCode::FAILURE
    })
}

fn settings(flags: Flags) -> Result<Config, ConfigError> {
    let environment = std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
    config::from_all(flags, environment)
}

fn check(flags: Flags) -> Result<ExitCode, StartError> {
    let Ok(config) = settings(flags).inspect_err(|error| {
        let _ = writeln!(std::io::stderr(), "magpie: {error}");
    }) else {
        // 1 would say that there is a fault.
        return Ok(ExitCode::from(Verdict::Unknown as u8));
    };
    let verdict = check::run(&config.data, &mut std::io::stdout(), &mut std::io::stderr());
    Ok(ExitCode::from(verdict? as u8))
}

fn serve(flags: Flags) -> Result<(), StartError> {
    let config = settings(flags)?;
    log(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(start::serve(config, announce))
}

fn log(config: &Config) {
    // The filter was checked with the settings.
    let filter = EnvFilter::try_new(&config.log).unwrap_or_default();
    let most = filter.max_level_hint().unwrap_or(LevelFilter::TRACE);
    let discreet = FilterFn::new(|line| is_discreet(line.target(), *line.level())).with_max_level_hint(most);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if config.log_json {
        lines.json().boxed()
    } else {
        lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).boxed()
    };
    tracing_subscriber::registry().with(filter).with(discreet).with(lines).init();
}

/// What people say to each other stays out of the log, whatever its filter is: the socket library traces every frame.
fn is_discreet(target: &str, level: Level) -> bool {
    level != Level::TRACE || !(target.starts_with("tungstenite") || target.starts_with("tokio_tungstenite"))
}

fn announce(address: SocketAddr) {
    let mut out = std::io::stdout();
    // A closed stdout is no reason not to serve.
    let _ = writeln!(out, "Magpie is at http://{address}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_library_never_writes_messages_into_the_log() {
        assert!(!is_discreet("tungstenite::protocol::frame", Level::TRACE));
        assert!(!is_discreet("tokio_tungstenite", Level::TRACE));
        assert!(is_discreet("tungstenite::protocol", Level::DEBUG));
        assert!(is_discreet("backend::session", Level::TRACE));
    }
}
