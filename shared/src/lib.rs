//! Types and pure logic that server and client share: no I/O, no clock, no randomness.
//!
//! Read in this order: [`id`], [`text`] and [`model`] are the nouns; [`frame`] and [`http`] are what is said over the
//! socket and over HTTP; [`timeline`], [`outbox`] and [`link`] are the parts of [`client`], the whole client without a
//! browser, and [`tab`] is that client shared by several pages.

pub mod case;
pub mod client;
pub mod code;
pub mod complete;
pub mod deed;
pub mod emoji;
pub mod frame;
pub mod fuzzy;
pub mod http;
pub mod id;
pub mod json;
pub mod kept;
pub mod link;
pub mod list;
pub mod markup;
pub mod mention;
pub mod message;
pub mod model;
pub mod outbox;
pub mod own;
pub mod permission;
pub mod plant;
pub mod query;
pub mod receipt;
pub mod rows;
pub mod sorted;
pub mod syntax;
pub mod tab;
mod tagged;
pub mod text;
pub mod timeline;
#[cfg(feature = "tokens")]
pub mod tokens;
