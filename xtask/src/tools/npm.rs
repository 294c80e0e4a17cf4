//! Node.js, and the one tool that comes from npm.

use std::path::Path;
use std::process::Command;

use super::{Toolbox, names_version, version_of};
use crate::shell::{self, Failure, Result};

/// The first one that playwright-core runs on.
const OLDEST_NODE: u32 = 20;

/// Trunk.toml names the same version.
const BINARYEN: &str = "132";

pub(super) fn check_node() -> Result<()> {
    let version = version_of("node").unwrap_or_default();
    match major(&version) {
        Some(major) if major >= OLDEST_NODE => Ok(()),
        _ => Err(Failure::new(format!(
            "Node.js {OLDEST_NODE} or later is needed, and here is {}; https://nodejs.org has it",
            if version.is_empty() { "none" } else { version.trim() }
        ))),
    }
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// Whether wasm-opt is there now. Its absence is no obstacle: the client only gets larger.
pub(super) fn find_wasm_opt(toolbox: &mut Toolbox) -> bool {
    let name = format!("binaryen-{BINARYEN}");
    let folder = toolbox.cache.join(&name).join("node_modules/.bin");
    let is_right = |said: Option<String>| said.is_some_and(|said| names_version(&said, BINARYEN));
    if is_right(version_of(folder.join("wasm-opt"))) {
        toolbox.folders.push(folder);
        return true;
    }
    if is_right(version_of("wasm-opt")) {
        return true;
    }
    if version_of("node").is_none() || version_of("npm").is_none() {
        println!("There is no Node.js for wasm-opt: the client is built without it and gets larger.");
        return false;
    }
    eprintln!(
        "Installing wasm-opt {BINARYEN} into {}: under a minute, only this once.",
        toolbox.cache.display()
    );
    match toolbox.install(&name, install_binaryen) {
        Ok(_) => toolbox.folders.push(folder),
        Err(failure) => {
            println!("{failure}: the client is built without wasm-opt and gets larger.");
            return false;
        }
    }
    true
}

fn install_binaryen(folder: &Path) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(folder);
    shell::run(npm.arg(format!("binaryen@{BINARYEN}")).current_dir(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_understood() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major(""), None);
    }
}
