//! A local gateway that serves the key systems' APIs from their documents.
//!
//! It knows the APIs from the vendors' pages alone and shares no type with the console, so that each tests the other.
//! Start at [`run`]; [`app_router`] is the whole service without a socket, for tests.

mod access_log;
/// Shared state and the account.
pub mod app;
/// Start options.
pub mod cli;
mod control;
mod faults;
mod gate;
mod qlik;
mod qps;
mod qualys_gateway;
mod random;
mod rate_limit;
mod reply;
mod request_log;
mod secrets;
mod serve;
mod served;
mod server;
mod solifyn;
/// The SQLite store.
pub mod store;
/// One switch for every undocumented point.
pub mod switches;
mod token;

use std::io::Write as _;

pub use app::App;
pub use cli::Options;
pub use gate::{EndConnection, app_router};

/// Opens the store, listens, prints the address and serves until SIGTERM or ctrl-c.
///
/// # Errors
/// When the store or the address cannot be opened.
pub fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let app = App::open(options).map_err(|error| format!("cannot open the store: {error}"))?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(options.listen)
            .await
            .map_err(|error| format!("cannot listen on {}: {error}", options.listen))?;
        let stop = server::stop_signal()?;
        let mut out = std::io::stdout().lock();
        writeln!(out, "listening on http://{}", listener.local_addr()?)?;
        out.flush()?;
        drop(out);
        server::serve(listener, app, stop).await;
        Ok(())
    })
}

/// Writes one line to standard error; when even that fails there is nobody left to tell.
pub fn complain(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "latchkey-gateway: {line}"));
}
