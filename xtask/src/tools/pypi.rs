//! The one tool that comes from the Python package index.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::Toolbox;
use crate::shell::{self, Result};

/// Runs the Autobahn cases on Python 3; the original wants Python 2.
const KOSOKU: &str = "0.1.0";

/// Installs kosoku where it is missing.
pub(super) fn ensure_kosoku(toolbox: &Toolbox) -> Result<()> {
    if shell::ask(kosoku(toolbox).arg("--help")).is_some() {
        return Ok(());
    }
    eprintln!("Installing kosoku {KOSOKU} into {}: under a minute, only this once.", toolbox.cache.display());
    toolbox.install(&name(), install).map(|_| ())
}

/// The program, ready for its arguments.
pub(crate) fn kosoku(toolbox: &Toolbox) -> Command {
    let folder: PathBuf = toolbox.cache.join(name());
    let mut python = toolbox.command("python3");
    python.arg(folder.join("bin/kosoku")).env("PYTHONPATH", folder);
    python
}

fn name() -> String {
    format!("kosoku-{KOSOKU}")
}

/// Into a folder of its own: that takes no virtual environment, and leaves the system's packages alone.
fn install(folder: &Path) -> Result<()> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--no-deps", "--disable-pip-version-check"]);
    // It warns of root's packages; these are none of them.
    pip.env("PIP_ROOT_USER_ACTION", "ignore");
    shell::run(pip.arg("--target").arg(folder).arg(format!("kosoku=={KOSOKU}")))
}
