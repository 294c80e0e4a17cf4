//! A few connections that read, each on a blocking thread and in a snapshot of its own.

use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::rows;
use crate::store::{Result, StoreError};

/// How many read at once. More would only queue inside SQLite and the disk.
pub(super) const READERS: usize = 4;

/// The pool.
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    /// A pool of these connections.
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        let permits = Arc::new(Semaphore::new(connections.len()));
        Self { idle: Arc::new(Mutex::new(connections)), permits }
    }

    /// Runs `work` in a read transaction: all it reads is of one moment.
    pub(super) async fn read<T, W>(&self, work: W) -> Result<T>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| gone())?;
        let idle = Arc::clone(&self.idle);
        let reading = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let connection = idle.lock().pop();
            Lent { connection, home: idle }.read(work)
        });
        reading.await.map_err(|error| StoreError::Fault(error.to_string()))?
    }
}

/// A connection that goes home by itself, also when the work panics.
struct Lent {
    connection: Option<Connection>,
    home: Arc<Mutex<Vec<Connection>>>,
}

impl Lent {
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.connection.as_ref().ok_or_else(gone)?;
        let snapshot = connection.unchecked_transaction().map_err(rows::fault)?;
        work(&snapshot)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.home.lock().push(connection);
        }
    }
}

fn gone() -> StoreError {
    StoreError::Fault("no connection to read with".to_owned())
}
