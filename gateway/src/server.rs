//! The accept loop.
//!
//! It is our own, because a fault must be able to end a connection without a single byte of answer, and because
//! connections must be recycled before that (see [`App::recycle_connections`]).

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, Request, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt as _;

use crate::app::App;
use crate::gate::{EndConnection, app_router};

/// How long running calls may take to end after the stop signal.
const GRACE: Duration = Duration::from_secs(5);

/// Serves connections until `stop` is done, then lets running calls end.
pub(crate) async fn serve(listener: TcpListener, app: Arc<App>, stop: impl Future<Output = ()>) {
    let router = app_router(&app);
    let (stopping, _) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let stream = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Out of file handles, most likely: wait for some to come back.
                    crate::complain(&format!("cannot accept a connection: {error}"));
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
        };
        connections.spawn(connection(stream, Arc::clone(&app), router.clone(), stopping.subscribe()));
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    stopping.send_replace(true);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    // Calls that do not end in time are cut off; the store is sound at any moment.
    drop(tokio::time::timeout(GRACE, all_ended).await);
}

/// The two signals that end the program politely.
///
/// # Errors
/// When the system refuses a handler.
pub(crate) fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

async fn connection(stream: TcpStream, app: Arc<App>, router: Router, mut stopping: watch::Receiver<bool>) {
    // Answers are small and written at once; waiting to fill a packet only slows them.
    drop(stream.set_nodelay(true));
    let mut recycling = app.recycling();
    let peer = stream.peer_addr().ok().map(Peer);
    let service = service_fn(move |mut request: Request<Incoming>| {
        if let Some(peer) = peer {
            request.extensions_mut().insert(peer);
        }
        let (router, app) = (router.clone(), Arc::clone(&app));
        async move {
            let mut res = router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {});
            if res.extensions().get::<EndConnection>().is_some() {
                return Err(Ended);
            }
            if app.faults.may_end_connections() {
                res.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(res)
        }
    });
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    loop {
        tokio::select! {
            // A client that went away and a fault that ended the connection look the same: there is nobody to tell.
            ended = connection.as_mut() => return drop(ended),
            _ = recycling.changed() => connection.as_mut().graceful_shutdown(),
            Ok(()) = stopping.changed() => connection.as_mut().graceful_shutdown(),
        }
    }
}

/// The address a request came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Ends a connection without an answer.
#[derive(Debug)]
struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ended by an injected fault")
    }
}

impl std::error::Error for Ended {}
