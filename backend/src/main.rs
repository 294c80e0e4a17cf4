//! `magpie`: reads the settings, serves, and says in one sentence why if it cannot.

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::ExitCode;

use backend::config::{self, Config, Flags};
use backend::start::{self, StartError};
use clap::Parser as _;
use tracing_subscriber::EnvFilter;

/// Gives memory back sooner than the system's allocator and fragments less with many connections.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Flags::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nobody is left to tell if stderr is closed.
            let _ = writeln!(std::io::stderr(), "magpie: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(flags: Flags) -> Result<(), StartError> {
    let environment = std::env::vars_os()
        .filter_map(|(name, text)| Some((name.into_string().ok()?, text.into_string().ok()?)));
    let config = config::from_all(flags, environment)?;
    log(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(start::serve(config, announce))
}

fn log(config: &Config) {
    // The filter was checked with the settings.
    let filter = EnvFilter::try_new(&config.log).unwrap_or_default();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json {
        lines.json().init();
    } else {
        lines.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).init();
    }
}

fn announce(address: SocketAddr) {
    let mut out = std::io::stdout();
    // A closed stdout is no reason not to serve.
    let _ = writeln!(out, "Magpie is at http://{address}").and_then(|()| out.flush());
}
