//! The same SQL on the simulator's own thread: a database that outlives its servers, and a fate that decides when it is
//! written, refused, or cut off in the middle.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use parking_lot::Mutex;
use rusqlite::{Connection, MAIN_DB};
use shared::id::{Epoch, Timestamp};
use shared::plant::{Plant, is_planted};
use tokio::sync::mpsc;

use super::writer::{self, BATCH, Job, QUEUE};
use super::{Engine, SqliteStore, open, planted, rows};
use crate::store::{OpenError, Result, StoreError};

/// What becomes of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is committed, and its jobs are answered.
    Commit,
    /// The disk is full: all of it is undone and refused.
    Full,
    /// The server dies: what was open is undone, and nobody is answered.
    Die,
}

/// What happens to one server's transactions.
#[async_trait]
pub trait Fate: Send + Sync {
    /// Before a read, and after it: it may take a while. Never returns on a dead server.
    async fn read(&self);
    /// Between the work of a transaction and its commit.
    async fn commit(&self) -> Verdict;
    /// Between the commit and the answers: whether the server is still there to give them.
    async fn answer(&self) -> bool;
}

/// A database that servers come and go on.
pub struct Disk {
    connection: Mutex<Connection>,
    /// Where it is, unless in memory.
    path: Option<PathBuf>,
    /// One server writes at a time, as SQLite's own lock has it.
    writing: tokio::sync::Mutex<()>,
}

impl Disk {
    /// A new database in memory.
    pub fn new(now: Timestamp) -> std::result::Result<Self, OpenError> {
        Ok(Self::with(open::in_memory(now)?, None))
    }

    /// A copy of another one, as that was when its bytes were taken.
    pub fn copy(bytes: &[u8]) -> Result<Self> {
        Ok(Self::with(in_memory(bytes)?, None))
    }

    /// A file, with all that a server's own database has: WAL, and every commit synced.
    pub fn file(path: &Path, bytes: &[u8]) -> Result<Self> {
        let connection = on_file(path, bytes)?;
        Ok(Self::with(connection, Some(path.to_owned())))
    }

    fn with(connection: Connection, path: Option<PathBuf>) -> Self {
        planted::prepare(&connection);
        Self { connection: Mutex::new(connection), path, writing: tokio::sync::Mutex::new(()) }
    }

    /// All of it, for [`Disk::copy`].
    pub fn bytes(&self) -> Result<Vec<u8>> {
        self.connection.lock().serialize(MAIN_DB).map(|data| data.to_vec()).map_err(rows::fault)
    }

    /// Reads or writes as nobody's server: for setting up and for looking.
    pub fn look<T>(&self, look: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        look(&self.connection.lock()).map_err(rows::fault)
    }

    /// What a dead server left open is undone: a file is opened again.
    pub fn recover(&self) -> Result<()> {
        let mut connection = self.connection.lock();
        writer::undo(&connection);
        if let Some(path) = &self.path {
            *connection = open::connect(path).map_err(rows::fault)?;
            planted::prepare(&connection);
        }
        planted::forget(&connection);
        Ok(())
    }

    /// Puts a backup in its place, which is another incarnation of the database.
    pub fn restore(&self, bytes: &[u8], epoch: Epoch) -> Result<()> {
        let mut connection = self.connection.lock();
        *connection = Connection::open_in_memory().map_err(rows::fault)?;
        *connection = match &self.path {
            Some(path) => on_file(path, bytes)?,
            None => in_memory(bytes)?,
        };
        connection.execute("UPDATE server SET epoch = ?", [epoch.0.into_bytes()]).map_err(rows::fault)?;
        planted::prepare(&connection);
        Ok(())
    }
}

fn in_memory(bytes: &[u8]) -> Result<Connection> {
    let mut connection = Connection::open_in_memory().map_err(rows::fault)?;
    connection.deserialize_read_exact(MAIN_DB, bytes, bytes.len(), false).map_err(rows::fault)?;
    open::keep_statements(&connection).map_err(rows::fault)?;
    Ok(connection)
}

fn on_file(path: &Path, bytes: &[u8]) -> Result<Connection> {
    std::fs::write(path, bytes).map_err(|error| StoreError::Fault(error.to_string()))?;
    open::connect(path).map_err(rows::fault)
}

/// One server's door to a disk.
pub(super) struct Inline {
    disk: Arc<Disk>,
    fate: Arc<dyn Fate>,
    jobs: mpsc::Sender<Box<dyn Job>>,
}

impl SqliteStore {
    /// A store on this disk, and the work of its writer, which the caller runs.
    pub fn on(disk: &Arc<Disk>, fate: Arc<dyn Fate>) -> (Self, impl Future<Output = ()> + Send + use<>) {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writing = write(Arc::clone(disk), Arc::clone(&fate), queue);
        (Self { engine: Engine::Inline(Inline { disk: Arc::clone(disk), fate, jobs }) }, writing)
    }
}

impl Inline {
    pub(super) async fn read<T, W>(&self, work: W) -> Result<T>
    where
        W: FnOnce(&Connection) -> Result<T> + Send,
    {
        self.fate.read().await;
        let read = work(&self.disk.connection.lock());
        // What was read may be old by the time that it is told.
        self.fate.read().await;
        read
    }

    pub(super) async fn write<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let (job, answer) = writer::job(work);
        let gone = || StoreError::Fault("the writer is gone".to_owned());
        self.jobs.send(job).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

async fn write(disk: Arc<Disk>, fate: Arc<dyn Fate>, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    let mut batch = Vec::new();
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        let turn = disk.writing.lock().await;
        let verdict = if is_planted(Plant::AckBeforeDurable) {
            rashly(&disk, &*fate, &mut batch).await
        } else {
            honestly(&disk, &*fate, &mut batch).await
        };
        drop(turn);
        let Some(verdict) = verdict else {
            // A dead server answers nobody, ever: its jobs stay unanswered until the run is over.
            return std::future::pending().await;
        };
        for job in batch.drain(..) {
            job.settle(verdict.clone());
        }
    }
}

/// The order of the writing thread: work, commit, answers.
async fn honestly(disk: &Disk, fate: &dyn Fate, batch: &mut [Box<dyn Job>]) -> Option<Result<()>> {
    // What a commit waits for lies before the work here: nobody may look into an open transaction.
    let verdict = match fate.commit().await {
        Verdict::Die => return None,
        Verdict::Full => Err(StoreError::Full),
        Verdict::Commit => {
            let connection = disk.connection.lock();
            let done = writer::begin(&connection, batch).and_then(|()| writer::commit(&connection));
            planted::spoil(&connection);
            if done.is_err() {
                writer::undo(&connection);
            }
            done
        }
    };
    fate.answer().await.then_some(verdict)
}

/// A fault that is planted: the answers go out before the commit.
async fn rashly(disk: &Disk, fate: &dyn Fate, batch: &mut Vec<Box<dyn Job>>) -> Option<Result<()>> {
    let done = writer::begin(&disk.connection.lock(), batch);
    for job in batch.drain(..) {
        job.settle(done.clone());
    }
    let verdict = fate.commit().await;
    let connection = disk.connection.lock();
    if verdict == Verdict::Die || done.is_err() {
        writer::undo(&connection);
        return None;
    }
    // Another server that started meanwhile, or a backup that was put back, has undone what was open.
    if connection.is_autocommit() {
        return Some(Ok(()));
    }
    Some(writer::commit(&connection))
}
