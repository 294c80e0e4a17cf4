//! Building the whole of Magpie for release, and starting it.

use std::process::{Command, ExitCode};

use crate::client;
use crate::shell::{self, Failure, Result};
use crate::tools::Toolbox;
use crate::workspace::Workspace;

/// Builds client and server for release.
pub(crate) fn build() -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    build_both(&workspace)?;
    println!("The server is {}", workspace.server("release").display());
    Ok(ExitCode::SUCCESS)
}

/// Builds, then becomes the server, which prints its address itself.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    build_both(&workspace)?;
    let arguments = match arguments.split_first() {
        Some((first, rest)) if first == "--" => rest,
        _ => arguments,
    };
    become_server(Command::new(workspace.server("release")).args(arguments))
}

fn build_both(workspace: &Workspace) -> Result<()> {
    // The client comes first: a release of the server carries it inside.
    client::build(workspace, &mut Toolbox::open()?)?;
    if !workspace.server("release").exists() {
        println!("Building the server for release: some minutes the first time.");
    }
    let mut cargo = Command::new("cargo");
    shell::run(cargo.args(["build", "--release", "-p", "backend"]).current_dir(workspace.root()))
}

/// On Unix the server takes over our process, so that signals reach it directly.
#[cfg(unix)]
fn become_server(server: &mut Command) -> Result<ExitCode> {
    let error = std::os::unix::process::CommandExt::exec(server);
    Err(Failure::new(format!("the server could not be started: {error}")))
}

#[cfg(not(unix))]
fn become_server(server: &mut Command) -> Result<ExitCode> {
    let status =
        server.status().map_err(|error| Failure::new(format!("the server could not be started: {error}")))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
