//! Everything this program prints. Steps announce themselves, then say how long they took.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line program talks to its terminal, here and nowhere else"
)]

use std::io::Write as _;
use std::time::Instant;

use anyhow::Result;

/// Runs one step: prints what it does before, and its time after.
///
/// # Errors
/// Whatever `work` returns; the step is then marked as failed.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("· {what} …");
    // The line must be visible while the work runs, also through a pipe.
    let flushed = std::io::stdout().flush();
    let start = Instant::now();
    let res = work();
    let seconds = start.elapsed().as_secs_f64();
    match &res {
        Ok(_) => println!("  {what}: done in {seconds:.1} s"),
        Err(_) => println!("  {what}: FAILED after {seconds:.1} s"),
    }
    flushed?;
    res
}

/// A line for the person in front of the terminal.
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// The last words of a command that failed, its causes included.
pub(crate) fn failure(err: &anyhow::Error) {
    eprintln!("error: {err:#}");
}

/// How the program is called.
pub(crate) fn usage(text: &str) {
    eprintln!("{text}");
}
