//! What rustup adds to a toolchain.

use std::path::Path;
use std::process::Command;

use super::version_of;
use crate::shell::{self, Failure, Result};

/// The triple of the browser.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

pub(super) fn ensure_wasm_target() -> Result<()> {
    let library = shell::ask(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]));
    if library.is_some_and(|folder| Path::new(folder.trim()).is_dir()) {
        return Ok(());
    }
    eprintln!("Adding {WASM} to the Rust toolchain: under a minute, only this once.");
    rustup(&["target", "add", WASM])
}

pub(super) fn ensure_lints() -> Result<()> {
    if version_of("cargo-clippy").is_some() && version_of("rustfmt").is_some() {
        return Ok(());
    }
    eprintln!("Adding clippy and rustfmt to the Rust toolchain: under a minute, only this once.");
    rustup(&["component", "add", "clippy", "rustfmt"])
}

fn rustup(arguments: &[&str]) -> Result<()> {
    shell::run(Command::new("rustup").args(arguments)).map_err(|failure| {
        Failure::new(format!("{failure}; without rustup, install what it would have added for your Rust"))
    })
}
