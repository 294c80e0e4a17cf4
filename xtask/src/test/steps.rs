//! The steps of `cargo xtask test`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Outcome;
use super::autobahn;
use super::summary;
use crate::bench;
use crate::client;
use crate::shell::{self, Failure, Result};
use crate::sim;
use crate::tools::{self, Need, Toolbox};
use crate::workspace::Workspace;

/// One step: what it does, what it takes, and how it is done.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) what: &'static str,
    pub(super) needs: &'static [Need],
    pub(super) run: fn(&Workspace, &mut Toolbox) -> Result<Outcome>,
}

/// All of them, the quick ones first.
pub(super) const STEPS: [Step; 10] = [
    Step { name: "fmt", what: "the code is formatted as rustfmt does it", needs: &[Need::Lints], run: fmt },
    Step {
        name: "clippy",
        what: "clippy has no complaint about what runs on this machine",
        needs: &[Need::Lints],
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        what: "nor about what runs in the browser",
        needs: &[Need::Lints, Need::WasmTarget],
        run: clippy_wasm,
    },
    Step { name: "native", what: "the tests that run on this machine", needs: &[Need::Nextest], run: native },
    Step { name: "kill", what: "the server, killed again and again, loses nothing", needs: &[], run: kill },
    Step {
        name: "sim",
        what: "the invariants hold under a hostile network, and planted faults are found",
        needs: &[],
        run: simulator,
    },
    Step {
        name: "autobahn",
        what: "the WebSocket does what a WebSocket must",
        needs: &[Need::Kosoku],
        run: autobahn,
    },
    Step {
        name: "wasm",
        what: "the client's tests, in a browser without a window",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Browser, Need::BrowserDriver],
        run: wasm,
    },
    Step { name: "client", what: "the client builds for release", needs: &client::NEEDS, run: client },
    Step {
        name: "e2e",
        what: "people in real browsers, and other programs, with a real server",
        needs: &[Need::Browser, Need::Fonts, Need::Node, Need::Python],
        run: e2e,
    },
];

fn fmt(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    shell::run(&mut cargo(workspace, toolbox, &["fmt", "--all", "--check"]))?;
    Ok(Outcome::PASSED)
}

fn clippy(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    let what = ["clippy", "--workspace", "--exclude", "frontend", "--all-targets", "--locked"];
    shell::run(cargo(workspace, toolbox, &what).args(["--", "-D", "warnings"]))?;
    Ok(Outcome::PASSED)
}

fn clippy_wasm(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    // `shared` is looked at as well, being part of this workspace; its tests run only on this machine.
    let what = ["clippy", "-p", "frontend", "--all-targets", "--locked"];
    shell::run(cargo_for_wasm(workspace, toolbox, &what).args(["--", "-D", "warnings"]))?;
    Ok(Outcome::PASSED)
}

fn native(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    let tests = ["nextest", "run", "--workspace", "--exclude", "frontend", "--locked", "--no-fail-fast"];
    let heard = shell::listen(&mut cargo(workspace, toolbox, &tests))?;
    let tests = Outcome::of_tests(&heard, summary::nextest(&heard.text));

    let examples = ["test", "--doc", "-p", "shared", "--locked"];
    let heard = shell::listen(&mut cargo(workspace, toolbox, &examples))?;
    let examples = match summary::libtest(&heard.text) {
        // The documentation may do without examples.
        Some(counts) if counts.is_zero() && heard.success => return Ok(tests),
        counts => Outcome::of_tests(&heard, counts),
    };
    Ok(tests.and(examples))
}

/// So many seeds in memory and on files, and each planted fault, count as one test each.
fn simulator(workspace: &Workspace, _: &mut Toolbox) -> Result<Outcome> {
    let runs: [&[&str]; 3] = [&["--seeds", "5000"], &["--seeds", "100", "--files"], &["--plant", "all"]];
    let outcomes = runs.iter().map(|arguments| {
        shell::run(sim::build(workspace)?.args(*arguments))?;
        Ok(Outcome::PASSED)
    });
    outcomes.reduce(|one, two| Ok(one?.and(two?))).unwrap_or_else(|| Ok(Outcome::nothing_yet("no run")))
}

fn kill(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    for package in ["backend", "bench"] {
        shell::run(&mut cargo(workspace, toolbox, &["build", "-p", package, "--locked"]))?;
    }
    let heard = shell::listen(&mut bench::command(workspace, "debug", "kill", &["--cycles", "10"]))?;
    let last = heard.text.lines().rev().find(|line| line.starts_with("kill: "));
    let last = last.ok_or_else(|| Failure::new("the killing did not come to its end"))?;
    let said = Failure::new(last);
    Ok(if heard.success { Outcome::PASSED } else { Outcome::failed(&said) })
}

fn autobahn(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    shell::run(&mut cargo(workspace, toolbox, &["build", "-p", "backend", "--locked"]))?;
    autobahn::run(workspace, toolbox)
}

fn wasm(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    let what = ["test", "-p", "frontend", "--locked", "--no-fail-fast"];
    let mut cargo = cargo_for_wasm(workspace, toolbox, &what);
    cargo
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        // Tests that do not say where they run are the browser's too.
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        // Seconds; a machine under load may need more than the usual 20 to load the page.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300")
        .env("CHROMEDRIVER", tools::browser_driver().unwrap_or_default());
    let heard = shell::listen(&mut cargo)?;
    Ok(Outcome::of_tests(&heard, summary::libtest(&heard.text)))
}

fn client(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    client::build(workspace, toolbox)?;
    Ok(Outcome::PASSED)
}

fn e2e(workspace: &Workspace, toolbox: &mut Toolbox) -> Result<Outcome> {
    let folder = workspace.root().join("e2e");
    let stories = stories(&folder)?;
    if stories.is_empty() {
        return Ok(Outcome::nothing_yet("there are no browser tests yet"));
    }
    client::build(workspace, toolbox)?;
    for package in ["backend", "bench"] {
        shell::run(&mut cargo(workspace, toolbox, &["build", "-p", package, "--locked"]))?;
    }
    let mut npm = toolbox.command("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    // The certificates that this system trusts, which the Node.js of a package does not look at by itself.
    shell::run(npm.env("NODE_USE_SYSTEM_CA", "1"))?;

    let mut node = toolbox.command("node");
    node.args(["--test", "--test-reporter=spec"])
        .args(stories)
        .current_dir(&folder)
        .env("MAGPIE_BIN", workspace.server("debug"))
        .env("CHROMIUM", tools::browser().unwrap_or_default());
    let heard = shell::listen(&mut node)?;
    Ok(Outcome::of_tests(&heard, summary::node(&heard.text)))
}

/// The files of browser tests, in the order of their names.
fn stories(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)
        .map_err(|error| Failure::new(format!("{} cannot be read: {error}", folder.display())))?;
    let is_story = |path: &PathBuf| {
        path.file_name().and_then(OsStr::to_str).is_some_and(|name| name.ends_with(".test.mjs"))
    };
    let mut stories: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_story).collect();
    stories.sort();
    Ok(stories)
}

fn cargo(workspace: &Workspace, toolbox: &Toolbox, arguments: &[&str]) -> Command {
    let mut cargo = toolbox.command("cargo");
    cargo.args(arguments).current_dir(workspace.root());
    cargo
}

fn cargo_for_wasm(workspace: &Workspace, toolbox: &Toolbox, arguments: &[&str]) -> Command {
    let mut cargo = cargo(workspace, toolbox, arguments);
    cargo.args(["--target", tools::WASM]).env("CARGO_TARGET_DIR", workspace.wasm_target());
    cargo
}
