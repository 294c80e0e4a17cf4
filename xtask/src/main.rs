//! Builds, runs and tests Magpie; `cargo xtask` alone prints what it can do.

mod bench;
mod client;
mod dev;
mod server;
mod shell;
mod sim;
mod test;
mod tools;
mod workspace;

use std::io::Write;
use std::process::ExitCode;

use shell::{Failure, Result};

const HELP: &str = "\
cargo xtask run [-- ARGUMENTS]   build client and server for release and start the server with ARGUMENTS
cargo xtask build                the same without starting
cargo xtask dev                  the server at 127.0.0.1:8080 and the client, rebuilt on each change, at :8081
cargo xtask sim [--seeds N] [--seed FIRST] [--plant NAME|all] [--replay SEED] [--files]
                                 the protocol under a hostile network, from seeds; or: are planted faults found?
cargo xtask test [--only A,B]    every check and test; the last line says how many passed and failed
cargo xtask kill [--cycles N]    kill -9 the server N times while eight people write; nothing may be lost
cargo xtask bench storm [--clients N]         kill a server that N clients are connected to; when are all back?
cargo xtask bench slow-reader [--readers N]   what a reader that stops reading costs N others and the server
cargo xtask bench search [--data FOLDER]      how long searches take among a million messages
cargo xtask seed [--messages N] [--people P] [--conversations C] [--data FOLDER]
                                 fill a folder (data-seeded) with people who have said a lot

Tools that are missing are installed into a cache folder outside the checkout: MAGPIE_TOOLS if it is set,
otherwise `magpie` in XDG_CACHE_HOME or ~/.cache. Only `test` asks Debian's apt-get for packages.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    carry_out(&arguments).unwrap_or_else(|failure| {
        eprintln!("xtask: {failure}");
        ExitCode::FAILURE
    })
}

fn carry_out(arguments: &[String]) -> Result<ExitCode> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    match command {
        "help" | "--help" | "-h" => {
            // A reader may have seen enough, as `head` has.
            let _ = writeln!(std::io::stdout(), "{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        "run" => server::run(rest),
        "build" => server::build(),
        "dev" => dev::run(),
        "sim" => sim::run(rest),
        "test" => test::run(rest),
        "kill" => bench::kill(rest),
        "bench" => bench::run(rest),
        "seed" => bench::seed(rest),
        other => Err(Failure::new(format!("there is no `{other}`; `cargo xtask` alone lists what there is"))),
    }
}
