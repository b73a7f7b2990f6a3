//! The local gateway as a program. `latchkey-gateway --help` lists the options.

use std::process::ExitCode;

use clap::Parser as _;
use latchkey_gateway::Options;

fn main() -> ExitCode {
    match latchkey_gateway::run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            latchkey_gateway::complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}
