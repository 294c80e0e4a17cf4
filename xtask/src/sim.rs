//! The simulator: the whole protocol under a hostile network, many seeds of it.

use std::env;
use std::process::{Command, ExitCode};

use crate::shell::{self, Failure, Result};
use crate::workspace::Workspace;

/// Its cargo profile: optimised, for a hundred thousand runs.
const PROFILE: &str = "sim";

/// Builds it, and hands it the arguments.
pub(crate) fn run(arguments: &[String]) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let mut simulator = build(&workspace)?;
    let status = simulator.args(arguments).status();
    let status = status.map_err(|error| Failure::new(format!("the simulator does not start: {error}")))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds it; answers how to call it.
pub(crate) fn build(workspace: &Workspace) -> Result<Command> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--profile", PROFILE, "-p", "sim", "--locked"]).current_dir(workspace.root());
    shell::run(&mut cargo)?;
    Ok(Command::new(workspace.target().join(PROFILE).join(format!("sim{}", env::consts::EXE_SUFFIX))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether faults can be planted in what cargo builds of this package.
    fn can_be_spoilt(package: &str) -> bool {
        let workspace = Workspace::find().expect("a checkout");
        let mut cargo = Command::new("cargo");
        cargo.args(["tree", "--locked", "-p", package, "-e", "normal,build,features", "-i", "shared"]);
        let tree = shell::ask(cargo.current_dir(workspace.root())).expect("what it is built of");
        tree.contains("shared feature \"sim\"")
    }

    #[test]
    fn faults_can_be_planted_in_the_simulator_and_in_nothing_else() {
        assert!(can_be_spoilt("sim"));
        for package in ["backend", "frontend", "bench"] {
            assert!(!can_be_spoilt(package), "{package}");
        }
    }
}
