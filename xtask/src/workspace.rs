//! Where things are in this checkout, and what its lock file says.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Failure, Result};

/// The checkout that this xtask belongs to.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> Result<Self> {
        let xtask = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = xtask
            .parent()
            .filter(|root| root.join("Cargo.lock").is_file())
            .ok_or_else(|| Failure::new("start this as `cargo xtask` from inside a checkout of Magpie"))?;
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
        Ok(Self { root: root.to_owned(), target: root.join(target) })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's output for this machine.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Cargo's output for the browser; apart, so that the two builds do not wait for each other's lock.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The program that cargo builds from `backend` in the folder of a profile (`debug`, `release`).
    pub(crate) fn server(&self, profile: &str) -> PathBuf {
        self.program(profile, "magpie")
    }

    /// The one that it builds from `bench`.
    pub(crate) fn bench(&self, profile: &str) -> PathBuf {
        self.program(profile, "magpie-bench")
    }

    fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The version of `package` that Cargo.lock settled on.
    pub(crate) fn locked_version(&self, package: &str) -> Result<String> {
        let lock = fs::read_to_string(self.root.join("Cargo.lock"))
            .map_err(|error| Failure::new(format!("Cargo.lock cannot be read: {error}")))?;
        locked_version(&lock, package).map(str::to_owned).ok_or_else(|| {
            Failure::new(format!("Cargo.lock names no {package}; `cargo update --workspace` completes it"))
        })
    }
}

fn locked_version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";

    #[test]
    fn the_lock_file_tells_the_version_of_exactly_the_package_asked_for() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(locked_version(LOCK, "wasm"), None);
    }

    #[test]
    fn our_own_lock_file_names_wasm_bindgen() {
        let version = Workspace::find().and_then(|workspace| workspace.locked_version("wasm-bindgen"));
        assert!(version.expect("Cargo.lock is there").starts_with("0.2."));
    }
}
