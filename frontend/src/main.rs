//! The Magpie client.

fn main() {}
