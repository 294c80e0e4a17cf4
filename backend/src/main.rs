//! The Magpie server.

fn main() {}
