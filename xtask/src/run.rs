//! `cargo xtask run`: the console, with demo keys, on this machine.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::Result;

use crate::process::Call;
use crate::{app, commands, gateway, say};

/// The port tried first, so that a bookmark stays right.
const PORT: u16 = 8745;

/// The number of demo keys of the account the console was designed with.
const KEYS: u32 = 745;

/// `cargo xtask run [--port N] [--keys N]`.
///
/// # Errors
/// If something cannot be installed, built or started.
pub(crate) fn command(args: &[String]) -> Result<()> {
    let (mut port, mut keys) = (0_u32, KEYS);
    commands::read_numbers(args, &mut [("--port", &mut port), ("--keys", &mut keys)])?;
    let app = app::ensure()?;
    let gateway = gateway::ensure()?;
    let listen = format!("{}:{}", Ipv4Addr::LOCALHOST, if port == 0 { free_port() } else { port });
    say::line(&format!(
        "\nThe console has {keys} demo keys in memory. Open the address below, sign in as demo / demo."
    ));
    say::line("Qlik Cloud takes the token demo-qlik-admin, or demo-qlik-user for a plain user.");
    say::line("Ctrl-C stops it.\n");
    Call::new(gateway, &["--listen", &listen, "--store", "memory", "--keys", &keys.to_string(), "--serve"])
        .arg(app)
        .become_it()
}

/// Our usual port, or 0 (the gateway then picks one) if it is taken.
fn free_port() -> u32 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, PORT)).map_or(0, |_| u32::from(PORT))
}
