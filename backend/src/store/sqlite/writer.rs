//! The one thread that writes: whatever queued up during the last sync becomes one transaction.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::mark::Mark;
use super::{rows, search};
use crate::meter;
use crate::store::{Result, StoreError};

/// Most jobs in one transaction.
pub(super) const BATCH: usize = 512;
/// Most jobs that wait; who comes after them waits for a place.
pub(super) const QUEUE: usize = 1_024;

/// The door to the writing thread.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread, which notes after each commit how much there is.
    pub(super) fn start(connection: Connection, mark: Option<Mark>) -> std::io::Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            // Without this thread the server would look well and refuse all that people write.
            if catch_unwind(AssertUnwindSafe(|| write(&connection, queue, mark))).is_err() {
                die("the writing thread panicked");
            }
        })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Runs `work` in a transaction and answers when that is durable, or undone.
    pub(super) async fn write<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let (job, answer) = job(work);
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(job).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // Without a sender the thread finishes what is queued and ends; the file is free only then.
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            // It has not panicked: then the process would have ended.
            let _ = thread.join();
        }
    }
}

/// Work that is done in a shared transaction and answered after its commit.
pub(super) trait Job: Send {
    /// Does the work; an error undoes this job alone.
    fn run(&mut self, connection: &Connection) -> Result<()>;
    /// Answers: with what the work said, or with why the whole batch was undone.
    fn settle(self: Box<Self>, batch: Result<()>);
}

/// Work as a job, and where its answer comes.
pub(super) fn job<T, W>(work: W) -> (Box<dyn Job>, oneshot::Receiver<Result<T>>)
where
    T: Send + 'static,
    W: FnOnce(&Connection) -> Result<T> + Send + 'static,
{
    let (reply, answer) = oneshot::channel();
    (Box::new(Task { work: Some(work), outcome: None, reply }), answer)
}

struct Task<T, W> {
    work: Option<W>,
    outcome: Option<Result<T>>,
    reply: oneshot::Sender<Result<T>>,
}

impl<T, W> Job for Task<T, W>
where
    T: Send,
    W: FnOnce(&Connection) -> Result<T> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<()> {
        let outcome = self.work.take().map_or_else(|| Err(gone()), |work| work(connection));
        let verdict = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
        self.outcome = Some(outcome);
        verdict
    }

    fn settle(self: Box<Self>, batch: Result<()>) {
        let Self { outcome, reply, .. } = *self;
        let answer = batch.and_then(|()| outcome.unwrap_or_else(|| Err(gone())));
        // Nobody waits any more when the connection that asked is gone; what is stored stays stored.
        let _ = reply.send(answer);
    }
}

fn write(connection: &Connection, mut queue: mpsc::Receiver<Box<dyn Job>>, mut mark: Option<Mark>) {
    let mut batch = Vec::with_capacity(BATCH);
    // A database of before there was an index: what people write goes first.
    let mut is_behind = true;
    while is_behind && !queue.is_closed() {
        if queue.is_empty() {
            is_behind = catch_up(connection);
        } else if queue.blocking_recv_many(&mut batch, BATCH) > 0 {
            settle(connection, &mut batch, &mut mark);
        }
    }
    while queue.blocking_recv_many(&mut batch, BATCH) > 0 {
        settle(connection, &mut batch, &mut mark);
    }
}

/// Does all jobs in one transaction and answers them.
fn settle(connection: &Connection, batch: &mut Vec<Box<dyn Job>>, mark: &mut Option<Mark>) {
    let begun = Instant::now();
    let verdict = begin(connection, batch).and_then(|()| commit(connection));
    meter::committed(batch.len(), begun.elapsed());
    if let Err(error) = &verdict {
        tracing::error!(%error, jobs = batch.len(), "refused a whole batch: {error}");
        undo(connection);
    } else if let Some(mark) = mark {
        mark.note(connection);
    }
    for job in batch.drain(..) {
        job.settle(verdict.clone());
    }
}

/// Opens one transaction around all jobs, with a savepoint around each.
pub(super) fn begin(connection: &Connection, batch: &mut [Box<dyn Job>]) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for job in batch {
        execute(connection, "SAVEPOINT job")?;
        match job.run(connection) {
            Ok(()) => {}
            // On a full disk SQLite may have undone more than this job.
            Err(StoreError::Full) => return Err(StoreError::Full),
            Err(_) => execute(connection, "ROLLBACK TO job")?,
        }
        execute(connection, "RELEASE job")?;
    }
    // Behind all savepoints: the index would write out what it gathers at each of them.
    index(connection, search::keep_up)
}

/// Does something with the index, which is no reason to refuse what people say: only a full disk is.
fn index<T: Default>(connection: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    execute(connection, "SAVEPOINT search")?;
    let done = match work(connection) {
        Err(StoreError::Fault(error)) => {
            tracing::error!(error, "cannot write the index of messages, so search misses some: {error}");
            execute(connection, "ROLLBACK TO search")?;
            Ok(T::default())
        }
        other => other,
    }?;
    execute(connection, "RELEASE search")?;
    Ok(done)
}

/// Lets the index catch up with a log that it has not read, while nobody writes; says whether it is still behind.
fn catch_up(connection: &Connection) -> bool {
    let portion = || {
        execute(connection, "BEGIN IMMEDIATE")?;
        let is_behind = index(connection, search::catch_up)?;
        commit(connection)?;
        Ok(is_behind)
    };
    portion().unwrap_or_else(|error: StoreError| {
        tracing::error!(%error, "the index of messages does not catch up before the next start: {error}");
        undo(connection);
        false
    })
}

/// Makes all of it durable.
pub(super) fn commit(connection: &Connection) -> Result<()> {
    match execute(connection, "COMMIT") {
        Err(StoreError::Fault(error)) => die(&error),
        other => other,
    }
}

/// Leaves the database as it was before.
pub(super) fn undo(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = execute(connection, "ROLLBACK")
    {
        die(&error.to_string());
    }
}

/// After a failed sync or a panic nobody knows what is on the disk: the only honest answer is to stop and read it
/// again.
fn die(error: &str) -> ! {
    tracing::error!(error, "cannot write any more, so the server stops: {error}");
    std::process::abort()
}

fn execute(connection: &Connection, sql: &str) -> Result<()> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(rows::fault)?;
    Ok(())
}

fn gone() -> StoreError {
    StoreError::Fault("the writing thread is gone".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(connection: &Connection, number: i64) -> Result<()> {
        connection.execute("INSERT INTO t VALUES (?)", [number]).map_err(rows::fault)?;
        Ok(())
    }

    #[tokio::test]
    async fn a_refused_job_does_not_spoil_its_batch() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t (x INTEGER UNIQUE) STRICT").unwrap();
        let writer = Writer::start(connection, None).unwrap();
        let (one, refused, two) = tokio::join!(
            writer.write(|connection| insert(connection, 1)),
            writer.write(|connection| {
                insert(connection, 7)?;
                Err::<(), _>(StoreError::NotFound)
            }),
            writer.write(|connection| insert(connection, 2)),
        );
        assert!(one.is_ok() && two.is_ok());
        assert!(matches!(refused, Err(StoreError::NotFound)));
        let sum = writer
            .write(|connection| {
                connection
                    .query_row("SELECT sum(x) FROM t", [], |row| row.get::<_, i64>(0))
                    .map_err(rows::fault)
            })
            .await;
        assert!(matches!(sum, Ok(3)));
    }

    #[tokio::test]
    async fn a_full_disk_refuses_the_batch_and_the_writer_goes_on() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch("PRAGMA max_page_count = 4; CREATE TABLE t (x INTEGER); CREATE TABLE b (x BLOB)")
            .unwrap();
        let writer = Writer::start(connection, None).unwrap();
        let refused = writer
            .write(|connection| {
                connection.execute("INSERT INTO b VALUES (zeroblob(100000))", []).map_err(rows::fault)
            })
            .await;
        assert!(matches!(refused, Err(StoreError::Full)));
        assert!(writer.write(|connection| insert(connection, 1)).await.is_ok());
    }

    /// Set in the process that this test starts to see it end.
    const DOOMED: &str = "MAGPIE_TEST_DOOMED";

    #[test]
    fn a_job_that_panics_ends_the_program() {
        if std::env::var_os(DOOMED).is_some() {
            let writer = Writer::start(Connection::open_in_memory().unwrap(), None).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let _ = runtime.block_on(writer.write(|_| -> Result<()> { panic!("a fault of ours") }));
            return;
        }
        let (_, tests) = module_path!().split_once("::").unwrap();
        let name = format!("{tests}::a_job_that_panics_ends_the_program");
        let mut doomed = std::process::Command::new(std::env::current_exe().unwrap());
        let ended = doomed.args(["--exact", &name]).env(DOOMED, "1").output().unwrap();
        assert!(!ended.status.success(), "it went on: {}", String::from_utf8_lossy(&ended.stdout));
    }
}
