//! `cargo xtask …`: everything one does with this repository, in one program.
//!
//! Exit codes: 0 done, 1 a step failed (its reason is the last line on standard error), 2 the command
//! line was not understood.

mod commands;
mod process;
mod project;
mod say;

mod app;
mod gateway;
mod node;
mod tools;

mod bench;
mod check;
mod dist;
mod hosting;
mod run;
mod systems;
mod test;
mod tidy;

use std::process::ExitCode;

fn main() -> ExitCode {
    process::note_own_path();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((command, rest)) = commands::find(&args) else {
        say::usage(&commands::usage());
        return ExitCode::from(2);
    };
    match (command.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            say::failure(&err);
            ExitCode::from(if err.is::<commands::Misused>() { 2 } else { 1 })
        }
    }
}
