//! The real program, started as people start it.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use super::within;

/// The program on a free port with this data folder; its log is kept for when it does not start.
pub(crate) fn magpie(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_magpie"));
    command.env_clear().kill_on_drop(true).stdin(Stdio::null());
    command.arg("--listen").arg("127.0.0.1:0").arg("--data").arg(folder);
    command
}

/// Exit code and stderr of a program that does not start.
pub(crate) async fn fails(command: &mut Command) -> (Option<i32>, String) {
    let output = within(command.output()).await.unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Starts it; returns once it says where it is.
pub(crate) async fn starts(command: &mut Command) -> (Child, SocketAddr) {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = within(lines.next_line()).await.unwrap().expect("it says where it is");
    let address = line.strip_prefix("Magpie is at http://").unwrap().parse().unwrap();
    (child, address)
}
