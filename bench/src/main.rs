//! `magpie-bench`: crowds of real clients, one process, against the real server in another.

mod crowd;
mod database;
mod failure;
mod fill;
mod http;
mod kill;
mod latency;
mod line;
mod oracle;
mod search;
mod seed;
mod server;
mod shell;
mod slow;
mod stopwatch;
mod storm;
mod talk;
mod usage;
mod writer;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Gives memory back sooner than the system's allocator and fragments less with many clients.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Crowds of real clients against the real server.
#[derive(Debug, Parser)]
#[command(name = "magpie-bench", version)]
struct Arguments {
    /// The server's program
    #[arg(long, value_name = "FILE")]
    server: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Kill the server again and again while eight people write; nothing acknowledged may be lost
    Kill(kill::Plan),
    /// Kill a server with thousands connected; how long until all of them have everything again
    Storm(storm::Plan),
    /// What a reader that stops reading costs hundreds of others, and the server
    SlowReader(slow::Plan),
    /// Fill a folder with people, conversations and messages
    Seed(fill::Plan),
    /// How long searches take among a million messages
    Search(search::Plan),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Arguments { server, what } = Arguments::parse();
    let outcome = match what {
        What::Kill(plan) => kill::run(&server, plan).await,
        What::Storm(plan) => storm::run(&server, plan).await,
        What::SlowReader(plan) => slow::run(&server, plan).await,
        What::Seed(plan) => fill::run(plan).await,
        What::Search(plan) => search::run(&server, plan).await,
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            eprintln!("magpie-bench: {failure}");
            ExitCode::FAILURE
        }
    }
}
