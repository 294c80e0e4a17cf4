//! Builds, runs and tests Magpie.

fn main() {}
