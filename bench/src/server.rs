//! The real server as a child process: started on a folder, killed, and started again.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::http;
use crate::usage::Usage;

/// A server that has not answered after so long has failed to start.
const PATIENCE: Duration = Duration::from_secs(30);
/// Nobody is to be slowed down or turned away for coming from one address.
const UNLIMITED: [&str; 10] = [
    "--connections",
    "19000",
    "--connections-per-address",
    "19000",
    "--deeds-per-second",
    "100000",
    "--deed-burst",
    "100000",
    "--log",
    "warn",
];

/// A program and the folder it runs on.
#[derive(Debug)]
pub(crate) struct Site {
    program: PathBuf,
    folder: PathBuf,
}

/// One that runs. Killed when it is dropped.
pub(crate) struct Server {
    child: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// From its start until it answered `/health`.
    pub(crate) ready_after: Duration,
}

impl Site {
    /// This program on this folder.
    pub(crate) fn new(program: &Path, folder: &Path) -> Self {
        Self { program: program.to_owned(), folder: folder.to_owned() }
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Starts it on a free port; returns once it answers.
    pub(crate) async fn start(&self) -> Result<Server> {
        let started = Instant::now();
        let child = Command::new(&self.program)
            .env_clear()
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(&self.folder)
            .args(UNLIMITED)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| {
                Failure::Server(format!("{} does not start: {error}", self.program.display()))
            })?;
        let mut server =
            Server { child, address: SocketAddr::from(([127, 0, 0, 1], 0)), ready_after: Duration::ZERO };
        let late = |_| Failure::Server(format!("did not answer within {} s", PATIENCE.as_secs()));
        server.address = tokio::time::timeout(PATIENCE, address(&mut server.child)).await.map_err(late)??;
        let health = http::get(server.address, "/health", None);
        let status = tokio::time::timeout(PATIENCE, health).await.map_err(late)??;
        if status != 200 {
            return Err(Failure::Server(format!("answers /health with {status}")));
        }
        server.ready_after = started.elapsed();
        Ok(server)
    }
}

/// What it says first: `Magpie is at http://127.0.0.1:40123`.
async fn address(child: &mut Child) -> Result<SocketAddr> {
    let stdout = child.stdout.take();
    let line = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        stdout.map(|pipe| BufReader::new(pipe).read_line(&mut line)).transpose().map(|_| line)
    });
    let line = line.await.map_err(std::io::Error::other)??;
    let address = line.trim_end().rsplit_once("//").and_then(|(_, address)| address.parse().ok());
    address.ok_or_else(|| Failure::Server("ended without saying where it listens".to_owned()))
}

impl Server {
    /// What it has used up to now.
    pub(crate) fn usage(&self) -> Usage {
        Usage::of(Some(self.child.id()))
    }

    /// `kill -9`: it has no say in the matter. Returns once it is gone.
    pub(crate) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // An error means that it has ended by itself, which its log tells.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}
