//! Server and client together for working on them: when one ends, or on Ctrl-C, the other is ended too.

use std::process::{Child, Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::client;
use crate::shell::{Failure, Result};
use crate::tools::Toolbox;
use crate::workspace::Workspace;

const POLL: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs until Ctrl-C, or until either program ends.
pub(crate) fn run() -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    let mut toolbox = Toolbox::open()?;
    for need in client::NEEDS {
        toolbox.ensure(&workspace, need)?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::new(format!("Ctrl-C cannot be listened for: {error}")))?;

    let mut server = Program::start("the server", server(&workspace))?;
    let mut client = match Program::start("the client", client(&workspace, &toolbox)) {
        Ok(client) => client,
        Err(failure) => {
            server.end();
            return Err(failure);
        }
    };
    println!("The client will be at http://127.0.0.1:8081 and the server at http://127.0.0.1:8080.");
    while !stop.load(Ordering::Relaxed) && !server.has_ended() && !client.has_ended() {
        thread::sleep(POLL);
    }
    let asked_to = stop.load(Ordering::Relaxed);
    server.end();
    client.end();
    Ok(if asked_to { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn server(workspace: &Workspace) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(workspace.root()).args(["run", "-p", "backend"]);
    cargo
}

/// trunk with a `dist` of its own, so that a release that was built is left as it is.
fn client(workspace: &Workspace, toolbox: &Toolbox) -> Command {
    let mut trunk = client::trunk(workspace, toolbox, "serve");
    trunk.arg("--dist").arg(workspace.wasm_target().join("dist"));
    trunk
}

struct Program {
    name: &'static str,
    child: Child,
}

impl Program {
    fn start(name: &'static str, mut command: Command) -> Result<Self> {
        let child =
            command.spawn().map_err(|error| Failure::new(format!("{name} could not be started: {error}")))?;
        Ok(Self { name, child })
    }

    fn has_ended(&mut self) -> bool {
        match self.child.try_wait() {
            Ok(None) => false,
            Ok(Some(status)) => {
                eprintln!("xtask: {} ended ({status}).", self.name);
                true
            }
            Err(_) => true,
        }
    }

    /// Asks first, and insists after a while.
    fn end(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            ask_to_end(&self.child);
        }
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(POLL);
        }
        // An error means that it has ended by itself meanwhile.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask_to_end(child: &Child) {
    if cfg!(unix) {
        // If this fails, `end` insists.
        let _ = Command::new("kill").arg(child.id().to_string()).output();
    }
}
