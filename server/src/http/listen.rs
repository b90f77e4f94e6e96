//! Listening: accepts connections, bounds how many there are and how long a client may take to ask, and on the way out
//! lets what is under way end.

use anyhow::Result;
use axum::{Router, extract::ConnectInfo};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::ServiceExt;

const CONNECTIONS: usize = 8_192;
/// A client that has not finished its headers by then is let go.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// What is still under way this long after the stop signal is cut off.
const LAST_WORDS: Duration = Duration::from_secs(20);

/// Serves until `stop` is done, then lets open requests end.
pub async fn serve(listener: TcpListener, routes: Router, stop: impl Future<Output = ()>) -> Result<()> {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            accepted = next_connection(&listener, &places) => match accepted {
                Ok((stream, peer, place)) => converse(stream, peer, routes.clone(), place, &graceful),
                Err(error) => {
                    // Out of file descriptors, mostly: the pause lets some connections end first.
                    tracing::warn!(cause = %error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            () = &mut stop => break,
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST_WORDS, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests still open after the last wait were cut off");
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn next_connection(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    routes: Router,
    place: OwnedSemaphorePermit,
    graceful: &GracefulShutdown,
) {
    // Small answers should leave at once.
    let _ = stream.set_nodelay(true);
    let service =
        TowerToHyperService::new(tower::service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            routes.clone().oneshot(request)
        }));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), service);
    let connection = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::info!(peer = %peer, cause = %error, "a connection ended badly");
        }
        drop(place);
    });
}
