//! Building the client with trunk, and only when something it is made of has changed.

mod packs;
mod parts;
mod styles;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::shell::{self, Failure, Result};
use crate::tools::{Need, Toolbox};
use crate::workspace::Workspace;

/// All that the client is made of, and by.
const INGREDIENTS: [&str; 8] = [
    "frontend",
    "shared",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo",
    "xtask/src/client",
];

/// What building the client takes.
pub(crate) const NEEDS: [Need; 3] = [Need::WasmTarget, Need::Trunk, Need::WasmBindgen];

/// Makes `dist` hold the client of just these sources, built for release.
pub(crate) fn build(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<()> {
    for need in NEEDS {
        toolbox.ensure(workspace, need)?;
    }
    let means = Means { optimised: toolbox.has_wasm_opt(), in_parts: toolbox.has_wasm_split() };
    let stamp = workspace.target().join("client.stamp");
    let recipe = recipe(workspace, means);
    if fs::read_to_string(&stamp).is_ok_and(|last| last == stamped(workspace, &recipe)) {
        println!("The client is up to date.");
        return Ok(());
    }
    println!("Building the client for release: some minutes the first time, then about one.");
    shell::run(&mut trunk_build(workspace, toolbox, means))?;
    styles::join(workspace)?;
    if means.in_parts {
        parts::cut(workspace, toolbox, means.optimised)?;
    }
    fs::write(&stamp, stamped(workspace, &recipe))
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", stamp.display())))
}

/// What there is to make the client smaller; it works without, too.
#[derive(Debug, Clone, Copy, Hash)]
struct Means {
    optimised: bool,
    in_parts: bool,
}

/// `trunk` with the arguments of every use we make of it.
pub(crate) fn trunk(workspace: &Workspace, toolbox: &Toolbox, subcommand: &str) -> Command {
    let mut trunk = toolbox.command("trunk");
    trunk.arg(subcommand).current_dir(workspace.root()).env("CARGO_TARGET_DIR", workspace.wasm_target());
    // trunk takes this variable for a flag of its own and accepts only `true` and `false`.
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env_remove("NO_COLOR").env("TRUNK_COLOR", "never");
    }
    trunk
}

fn trunk_build(workspace: &Workspace, toolbox: &Toolbox, means: Means) -> Command {
    let mut trunk = trunk(workspace, toolbox, "build");
    trunk.env_remove(parts::VARIABLE);
    if means.optimised && !means.in_parts {
        trunk.arg("--release");
    } else {
        // Only a release calls wasm-opt, and parts are optimised when they are cut; the profile is the same.
        trunk.args(["--cargo-profile", "wasm-release", "--minify", "true"]);
    }
    if means.in_parts {
        trunk.env(parts::VARIABLE, "1");
    }
    trunk
}

/// Names the sources and the way they are built.
fn recipe(workspace: &Workspace, means: Means) -> String {
    let mut files = Vec::new();
    for ingredient in INGREDIENTS {
        collect_files(&workspace.root().join(ingredient), &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    means.hash(&mut hasher);
    for file in files {
        file.strip_prefix(workspace.root()).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).ok().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

/// The recipe and the page that came of it: a plain `trunk serve` writes to `dist` as well.
fn stamped(workspace: &Workspace, recipe: &str) -> String {
    let mut hasher = DefaultHasher::new();
    fs::read(workspace.root().join("dist/index.html")).ok().hash(&mut hasher);
    format!("{recipe} {:016x}", hasher.finish())
}

fn collect_files(path: &Path, files: &mut Vec<PathBuf>) {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().for_each(|entry| collect_files(&entry.path(), files)),
        Err(_) => files.push(path.to_owned()),
    }
}
