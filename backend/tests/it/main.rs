//! The server as people meet it: real sockets, a real database, no mocks and no sleeping.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "that is how a test fails")]

mod accounts;
mod bad_frames;
mod binary;
mod echo;
mod edge;
#[cfg(target_os = "linux")]
mod full_disk;
mod harness;
mod history;
mod kill;
mod leaving;
mod lively;
mod members;
mod messages;
mod metrics;
mod own;
mod resume;
mod revoke;
mod search;
mod self_check;
mod slow_reader;
mod storm;
mod strangers;
mod talking;
mod told;
mod unread;
