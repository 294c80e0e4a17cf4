//! The tools that building and testing take: found where they are, or installed once into a cache folder.

mod crates;
mod debian;
mod npm;
mod pypi;
mod rustup;

use std::collections::HashMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use crate::shell::{self, Failure, Result};
use crate::workspace::Workspace;

pub(crate) use debian::{browser, browser_driver};
pub(crate) use pypi::kosoku;
pub(crate) use rustup::WASM;

/// Something that a step cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Need {
    Lints,
    WasmTarget,
    Trunk,
    WasmBindgen,
    Nextest,
    Browser,
    BrowserDriver,
    Fonts,
    Node,
    Python,
    Kosoku,
}

/// Knows what is there and where; each need is looked into once.
pub(crate) struct Toolbox {
    cache: PathBuf,
    folders: Vec<PathBuf>,
    apt: debian::Apt,
    looked_into: HashMap<Need, Result<()>>,
    wasm_opt: Option<bool>,
    wasm_split: Option<bool>,
}

impl Toolbox {
    pub(crate) fn open() -> Result<Self> {
        let cache = cache_folder()
            .ok_or_else(|| Failure::new("there is no home folder; set MAGPIE_TOOLS to a folder for tools"))?;
        let cache = std::path::absolute(&cache)
            .map_err(|error| Failure::new(format!("{} is no folder for tools: {error}", cache.display())))?;
        Ok(Self {
            cache,
            folders: Vec::new(),
            apt: debian::Apt::default(),
            looked_into: HashMap::new(),
            wasm_opt: None,
            wasm_split: None,
        })
    }

    /// Installs what is missing of `need`, saying so.
    pub(crate) fn ensure(&mut self, workspace: &Workspace, need: Need) -> Result<()> {
        if let Some(known) = self.looked_into.get(&need) {
            return known.clone();
        }
        let found = self.look_into(workspace, need);
        self.looked_into.insert(need, found.clone());
        found
    }

    fn look_into(&mut self, workspace: &Workspace, need: Need) -> Result<()> {
        match need {
            Need::Lints => rustup::ensure_lints(),
            Need::WasmTarget => rustup::ensure_wasm_target(),
            Need::Trunk => crates::ensure(self, &crates::trunk()),
            Need::WasmBindgen => {
                crates::ensure(self, &crates::wasm_bindgen(workspace.locked_version("wasm-bindgen")?))
            }
            Need::Nextest => crates::ensure(self, &crates::nextest()),
            Need::Browser => self.apt.ensure(&debian::BROWSER),
            Need::BrowserDriver => self.apt.ensure(&debian::BROWSER_DRIVER),
            Need::Fonts => self.apt.ensure(&debian::FONTS),
            Need::Node => self.apt.ensure(&debian::NODE).and_then(|()| npm::ensure_node(self)),
            Need::Python => self.apt.ensure(&debian::PYTHON),
            Need::Kosoku => self.apt.ensure(&debian::PIP).and_then(|()| pypi::ensure_kosoku(self)),
        }
    }

    /// Whether there is wasm-opt, which is installed where Node.js is. It is a wish, not a need.
    pub(crate) fn has_wasm_opt(&mut self) -> bool {
        if let Some(known) = self.wasm_opt {
            return known;
        }
        let found = npm::find_wasm_opt(self);
        self.wasm_opt = Some(found);
        found
    }

    /// Whether there is what cuts the client into parts. It is a wish, not a need.
    pub(crate) fn has_wasm_split(&mut self) -> bool {
        if let Some(known) = self.wasm_split {
            return known;
        }
        let found = crates::ensure(self, &crates::wasm_split());
        if let Err(failure) = &found {
            println!("{failure}: the client is built in one piece and its first page gets larger.");
        }
        self.wasm_split = Some(found.is_ok());
        found.is_ok()
    }

    /// `program`, with our tools before all others on its PATH.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", path_after(&self.folders));
        command
    }

    /// Installs `name` into a folder of the cache: somewhere else first, so that an interrupted
    /// installation is never taken for a whole one.
    fn install(&self, name: &str, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let folder = self.cache.join(name);
        let partial = self.cache.join(format!("{name}.partial-{}", process::id()));
        let broken = |error| {
            let folder = folder.display();
            Failure::new(format!(
                "{folder} cannot be written ({error}); MAGPIE_TOOLS may name a better place"
            ))
        };
        fs::create_dir_all(&partial).map_err(broken)?;
        let installed = install(&partial).and_then(|()| {
            if folder.exists() {
                fs::remove_dir_all(&folder).map_err(broken)?;
            }
            fs::rename(&partial, &folder).map_err(broken)
        });
        if installed.is_err() {
            // What matters is why it failed; a leftover is only in the way of nobody.
            let _ = fs::remove_dir_all(&partial);
        }
        installed.map(|()| folder)
    }
}

/// The PATH that we were given, with `folders` before it.
fn path_after(folders: &[PathBuf]) -> OsString {
    let given = env::var_os("PATH").unwrap_or_default();
    let folders = folders.iter().cloned().chain(env::split_paths(&given));
    // A folder with a colon in its name cannot be on a PATH at all.
    env::join_paths(folders).unwrap_or(given)
}

fn cache_folder() -> Option<PathBuf> {
    let set = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("MAGPIE_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|cache| cache.join("magpie")))
        .or_else(|| env::home_dir().map(|home| home.join(".cache/magpie")))
}

/// What `program --version` says, if the program is there and works.
fn version_of(program: impl AsRef<Path>) -> Option<String> {
    shell::ask(Command::new(program.as_ref()).arg("--version"))
}

/// Whether `said` names `version` as a word of its own.
fn names_version(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word.trim_start_matches('v') == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_recognised_as_a_whole_word() {
        assert!(names_version("wasm-bindgen 0.2.130", "0.2.130"));
        assert!(names_version("wasm-opt version 132 (version_132)", "132"));
        assert!(names_version("v20.20.2\n", "20.20.2"));
        assert!(!names_version("wasm-bindgen 0.2.130", "0.2.13"));
    }

    #[test]
    fn an_installation_that_fails_leaves_nothing_behind() {
        let cache = env::temp_dir().join(format!("magpie-tools-{}", process::id()));
        let mut toolbox = Toolbox::open().expect("there is a home folder");
        toolbox.cache = cache.clone();
        let failed = toolbox.install("tool-1", |_| Err(Failure::new("no network")));
        assert_eq!(failed.expect_err("it failed").to_string(), "no network");
        assert_eq!(fs::read_dir(&cache).expect("the cache is there").count(), 0);

        let folder = toolbox.install("tool-1", |partial| {
            fs::write(partial.join("tool"), "").map_err(|error| Failure::new(error.to_string()))
        });
        assert!(folder.expect("it was installed").join("tool").is_file());
        fs::remove_dir_all(&cache).expect("the cache can be removed");
    }
}
