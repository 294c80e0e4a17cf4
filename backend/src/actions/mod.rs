//! What people can do. Only here is the store written to, and only here is the bus told: after, and once.

pub mod accounts;
pub mod deeds;
pub mod find;
pub mod history;
pub mod lively;
pub mod own;
pub mod read;
pub mod scheduled;
