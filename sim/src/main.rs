//! `cargo xtask sim`: many seeds of the whole protocol under a hostile network.
//!
//! Clients are the real client core with several pages for a device, servers the real session, hub and actions on the
//! store's real SQL; time, network, disks and crashes are made up from a seed. [`oracle`] says what must hold.

mod browser;
mod device;
mod dice;
mod event;
mod folded;
mod moment;
mod network;
mod oracle;
mod page;
mod people;
mod pipe;
mod plan;
mod queue;
mod runner;
mod server;
mod template;
mod trace;
mod truth;
mod world;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    runner::main()
}
