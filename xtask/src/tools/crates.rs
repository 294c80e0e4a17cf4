//! Tools that cargo builds from crates.io.

use std::path::Path;
use std::process::Command;

use super::{Toolbox, names_version, path_after, version_of};
use crate::shell::{self, Result};

/// A program of a crate, in the version that we were tried with.
pub(super) struct Tool {
    package: &'static str,
    version: String,
    /// All of these must be there.
    programs: &'static [&'static str],
    /// How a program tells which one it is.
    told: Told,
    options: &'static [&'static str],
    why: &'static str,
    minutes: u32,
}

/// What is asked of a program that is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// It must be of our version.
    Exactly,
    /// Any version will do.
    Any,
    /// It does not tell its version: only the one of our own cache will do, whose folder names it.
    Never,
}

/// 0.22 wants a newer Rust than we do. Without its update check it builds faster and asks nobody anything.
pub(super) fn trunk() -> Tool {
    Tool {
        package: "trunk",
        version: "0.21.14".to_owned(),
        programs: &["trunk"],
        told: Told::Exactly,
        options: &["--no-default-features", "--features", "rustls"],
        why: "it builds the client",
        minutes: 5,
    }
}

/// It must be of the very version of the library in Cargo.lock.
pub(super) fn wasm_bindgen(version: String) -> Tool {
    Tool {
        package: "wasm-bindgen-cli",
        version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
        told: Told::Exactly,
        options: &[],
        why: "it joins WebAssembly and JavaScript",
        minutes: 2,
    }
}

pub(super) fn nextest() -> Tool {
    Tool {
        package: "cargo-nextest",
        version: "0.9.143".to_owned(),
        programs: &["cargo-nextest"],
        told: Told::Any,
        options: &["--no-default-features", "--features", "default-no-update"],
        why: "it runs the tests",
        minutes: 5,
    }
}

/// In the version that was tried with the `wasm_split_helpers` of Cargo.lock.
pub(super) fn wasm_split() -> Tool {
    Tool {
        package: "wasm_split_cli_support",
        version: "0.2.4".to_owned(),
        programs: &["wasm-split-cli"],
        told: Told::Never,
        options: &["--features", "build-binary"],
        why: "it cuts the client into parts",
        minutes: 1,
    }
}

/// Takes the tool from the cache, from the PATH, or from crates.io, in this order.
pub(super) fn ensure(toolbox: &mut Toolbox, tool: &Tool) -> Result<()> {
    let name = format!("{}-{}", tool.package, tool.version);
    let folder = toolbox.cache.join(&name).join("bin");
    let cached = |program: &&str| tool.accepts(tool.asked(folder.join(program)));
    if tool.programs.iter().all(cached) {
        toolbox.folders.push(folder);
        return Ok(());
    }
    let is_on_path = |program: &&str| tool.told != Told::Never && tool.accepts(tool.asked(program));
    if tool.programs.iter().all(is_on_path) {
        return Ok(());
    }
    eprintln!(
        "Installing {} {} ({}) into {}: about {} minutes, only this once.",
        tool.package,
        tool.version,
        tool.why,
        toolbox.cache.display(),
        tool.minutes
    );
    let folder = toolbox.install(&name, |partial| {
        let command = |locked: bool| {
            let mut cargo = cargo_install(tool, locked);
            cargo.current_dir(partial).arg("--root").arg(partial);
            // Otherwise cargo would advise to put this passing folder on the PATH.
            cargo.env("PATH", path_after(&[partial.join("bin")]));
            cargo
        };
        // The lock file of a crate may name what its registry has not got.
        shell::run(&mut command(true)).or_else(|failure| {
            eprintln!("xtask: {failure}; trying once more without the lock file of {}.", tool.package);
            shell::run(&mut command(false))
        })
    })?;
    toolbox.folders.push(folder.join("bin"));
    Ok(())
}

impl Tool {
    fn accepts(&self, said: Option<String>) -> bool {
        said.is_some_and(|said| self.told != Told::Exactly || names_version(&said, &self.version))
    }

    /// What one of its programs says, if it is there and works.
    fn asked(&self, program: impl AsRef<Path>) -> Option<String> {
        match self.told {
            Told::Never => shell::ask(Command::new(program.as_ref()).arg("--help")),
            Told::Exactly | Told::Any => version_of(program),
        }
    }
}

/// A build that is quick rather than one that makes a quick program.
fn cargo_install(tool: &Tool, locked: bool) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args(["install", "--no-track", &format!("{}@{}", tool.package, tool.version)]).args(tool.options);
    if locked {
        cargo.arg("--locked");
    }
    // Settings for building Magpie are none for building a tool.
    for ours in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_TARGET", "RUSTFLAGS"] {
        cargo.env_remove(ours);
    }
    cargo
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "256")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    cargo
}
