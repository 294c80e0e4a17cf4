//! Why a run could not be carried through; not what it found out.

use std::path::PathBuf;

use backend::store::{OpenError, StoreError};
use backend::token::NoRandomness;

/// A run that says nothing about the server.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The server did not start, or did not answer.
    #[error("the server {0}")]
    Server(String),
    /// Something did not come about in time.
    #[error("not within {1} s: {0}")]
    TooLate(String, u64),
    /// The system did not give what was asked for.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// The folder could not be filled with accounts.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The same.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The same.
    #[error(transparent)]
    Token(#[from] NoRandomness),
    /// The same.
    #[error(transparent)]
    Text(#[from] shared::text::TextError),
    /// The system lets a process open too few files.
    #[error("the system has files for {0} clients only; raise its limit on open files, or take fewer")]
    Files(usize),
    /// There is a database already.
    #[error("{} holds a database already; name another folder with --data", .0.display())]
    Filled(PathBuf),
    /// A run was planned with too few people.
    #[error("there is nobody to do it")]
    Nobody,
    /// The server's database could not be read.
    #[error("the database cannot be read: {0}")]
    Database(#[from] rusqlite::Error),
}

/// What every step of a run answers.
pub(crate) type Result<T> = std::result::Result<T, Failure>;
