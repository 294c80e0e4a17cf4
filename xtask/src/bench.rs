//! Crowds of real clients against the real server, both built for release.

use std::ffi::OsStr;
use std::process::{Command, ExitCode};

use crate::shell::{self, Failure, Result};
use crate::workspace::Workspace;

/// What `bench` can measure.
const MEASURES: [&str; 3] = ["storm", "slow-reader", "search"];

/// Kills the server again and again.
pub(crate) fn kill(arguments: &[String]) -> Result<ExitCode> {
    measure("kill", arguments)
}

/// Fills a folder.
pub(crate) fn seed(arguments: &[String]) -> Result<ExitCode> {
    measure("seed", arguments)
}

/// Measures what the first argument names.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    match arguments.split_first() {
        Some((what, rest)) if MEASURES.contains(&what.as_str()) => measure(what, rest),
        _ => Err(Failure::new(format!("`bench` takes one of {} and its settings", MEASURES.join(", ")))),
    }
}

/// The program of `bench` in the folder of a profile, with the server of the same profile.
pub(crate) fn command<S: AsRef<OsStr>>(
    workspace: &Workspace,
    profile: &str,
    what: &str,
    arguments: &[S],
) -> Command {
    let mut command = Command::new(workspace.bench(profile));
    command.arg("--server").arg(workspace.server(profile)).arg(what).args(arguments);
    command
}

fn measure(what: &str, arguments: &[String]) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    if !workspace.bench("release").exists() {
        println!("Building server and clients for release: some minutes the first time.");
    }
    for package in ["backend", "bench"] {
        let mut cargo = Command::new("cargo");
        let build = cargo.args(["build", "--release", "--quiet", "--locked", "-p", package]);
        shell::run(build.current_dir(workspace.root()))?;
    }
    let ended = command(&workspace, "release", what, arguments).status();
    let ended = ended.map_err(|error| Failure::new(format!("the clients could not be started: {error}")))?;
    // What it found out it has said itself, in its last line.
    Ok(if ended.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_measured_is_refused_beside_what_can() {
        for arguments in [&[][..], &["strom".to_owned()]] {
            let failure = run(arguments).expect_err("there is no such measure");
            assert!(failure.to_string().starts_with("`bench` takes one of storm, slow-reader"));
        }
    }
}
