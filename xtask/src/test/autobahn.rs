//! The Autobahn cases against `/echo` of the real server: what a WebSocket must do, and what it must refuse.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::Outcome;
use super::summary::{self, Counts};
use crate::shell::{self, Failure, Result};
use crate::tools::{self, Toolbox};
use crate::workspace::Workspace;

/// All but 8, which there is not, 11, which speaks an older protocol, and 12 and 13, which try compression: we offer
/// none.
const GROUPS: [&str; 9] = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"];
/// How many cases these groups have. Fewer would be a run that was cut short.
const CASES: u32 = 301;
/// Cases at once; the server echoes at most 6 connections of one address.
const AT_ONCE: &str = "4";

/// Runs them and counts each as a test.
pub(super) fn run(workspace: &Workspace, toolbox: &Toolbox) -> Result<Outcome> {
    let folder = workspace.target().join("autobahn");
    // What an earlier run left; a first one has nothing.
    let _ = fs::remove_dir_all(&folder);
    let (_server, address) = Server::start(&workspace.server("debug"), &folder.join("data"))?;
    let mut kosoku = tools::kosoku(toolbox);
    kosoku.arg(format!("ws://{address}/echo")).args(["--parallelism", AT_ONCE, "--outdir"]);
    kosoku.arg(folder.join("report"));
    for group in GROUPS {
        kosoku.args(["--include", group]);
    }
    let heard = shell::listen(&mut kosoku)?;
    let counts = summary::kosoku(&heard.text);
    let outcome = Outcome::of_tests(&heard, counts);
    let ran = counts.map_or(0, |Counts { passed, failed }| passed + failed);
    if ran == CASES {
        return Ok(outcome);
    }
    Ok(outcome.and(Outcome::failed(&Failure::new(format!("it ran {ran} of {CASES} cases")))))
}

/// A server that ends with its owner.
struct Server(Child);

impl Server {
    /// On a free port; says at which address.
    fn start(program: &Path, data: &Path) -> Result<(Self, String)> {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--log", "warn", "--data"]).arg(data);
        let cannot = |why: &str| Failure::new(format!("{} {why}", program.display()));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| cannot(&format!("could not be started: {error}")))?;
        let stdout = child.stdout.take();
        let server = Self(child);
        let mut line = String::new();
        if let Some(stdout) = stdout {
            // A line that cannot be read says no address either.
            let _ = BufReader::new(stdout).read_line(&mut line);
        }
        let address = line.trim().rsplit_once("http://").map(|(_, address)| address.to_owned());
        address.map(|address| (server, address)).ok_or_else(|| cannot("did not say where it is"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing it keeps is of use to anybody.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
