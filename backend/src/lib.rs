//! The Magpie server: `http` and `session` take what people say, `actions` do it, `store` keeps it, and `bus` tells
//! `hub`, which tells every session.

pub mod access;
pub mod actions;
pub mod app;
pub mod bus;
pub mod check;
pub mod clock;
pub mod config;
pub mod error;
pub mod http;
pub mod hub;
pub mod limits;
pub mod listen;
pub mod meter;
pub mod password;
pub mod session;
pub mod sound;
pub mod start;
pub mod store;
pub mod token;
