//! The accept loop: bounds on connections, and on the size and time of a request's head.

mod wire;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::actions::scheduled;
use crate::app::App;
use crate::limits::{Network, Place, Places};
use crate::meter;
pub use wire::Wire;
use wire::Wired;

/// A request's head comes within this time, and the next one within this time after an answer.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// Most bytes of a request's head.
const HEAD_BYTES: usize = 16 * 1024;
/// Most lines of a request's head.
const HEAD_LINES: usize = 64;
/// Bytes that the system takes ahead of what it can send. Left to itself, it holds megabytes for who does not read; what
/// is on its way to a reader does not count, so that a fast and distant one is not slowed down.
#[cfg(target_os = "linux")]
const UNSENT: u32 = 64 * 1024;
/// How long connections may take to end when the server stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// Said to who comes when all places are taken.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\nconnection: close\r\ncontent-type: application/json\r\n\
    content-length: 31\r\n\r\n{\"code\":\"busy\",\"retry_after\":5}";

/// The other side of a connection.
#[derive(Clone)]
pub struct Peer {
    /// Where it comes from.
    pub address: SocketAddr,
    /// The connection's bytes.
    pub wire: Arc<Wire>,
}

impl Peer {
    /// By what its tries are counted.
    pub fn network(&self) -> Network {
        self.address.ip().into()
    }
}

/// Serves, and posts what is scheduled, until the server is told to stop, then lets everyone finish for a few seconds.
pub async fn run(app: Arc<App>, router: Router, listener: TcpListener) {
    app.tasks.spawn(scheduled::run(Arc::clone(&app)));
    let places = Places::new(app.config.connections, app.config.connections_per_address, meter::connections);
    loop {
        let accepted = tokio::select! {
            biased;
            () = app.stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, address)) => accept(&app, &router, &places, stream, address),
            Err(error) => rest(&error).await,
        }
    }
    drop(listener);
    app.tasks.close();
    if tokio::time::timeout(FAREWELL, app.tasks.wait()).await.is_err() {
        tracing::warn!(tasks = app.tasks.len(), "stopped while some connections had not ended");
    }
}

/// Out of file descriptors, say: trying again at once would only burn the processor.
async fn rest(error: &io::Error) {
    if !matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset) {
        tracing::error!(%error, "cannot accept a connection: {error}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn accept(app: &Arc<App>, router: &Router, places: &Arc<Places>, stream: TcpStream, address: SocketAddr) {
    let Some(place) = places.take(address.ip().into()) else {
        // A fresh socket has room for so little; if not, the closed connection says it too.
        let _ = stream.try_write(FULL);
        return;
    };
    tune(&stream);
    app.tasks.spawn(serve(Arc::clone(app), router.clone(), stream, address, place));
}

/// A connection that cannot be tuned serves all the same.
fn tune(stream: &TcpStream) {
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream).set_tcp_notsent_lowat(UNSENT);
}

async fn serve(app: Arc<App>, router: Router, stream: TcpStream, address: SocketAddr, place: Place) {
    let wired = Wired::new(stream, place, app.tasks.clone());
    let peer = Peer { address, wire: wired.wire() };
    let answer = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(peer.clone());
        router.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES)
        .max_headers(HEAD_LINES)
        .serve_connection(TokioIo::new(wired), answer)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    // Errors here are the other side's: it hung up, or spoke no HTTP. It has been answered if it could be.
    tokio::select! {
        _ = &mut connection => {}
        () = app.stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use tokio::net::TcpSocket;

    use super::*;

    /// Far more than it should take, and far less than an untuned socket would.
    const MUCH: usize = 512 * 1024;

    #[tokio::test]
    async fn the_system_takes_little_for_who_does_not_read() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let reader = socket.connect(listener.local_addr().unwrap());
        let (accepted, _reader) = tokio::join!(listener.accept(), reader);
        let (stream, _) = accepted.unwrap();
        tune(&stream);
        let mut taken = 0;
        // What has not become writable for so long has no room left.
        while taken < MUCH
            && tokio::time::timeout(Duration::from_millis(500), stream.writable()).await.is_ok()
        {
            taken += stream.try_write(&[0; 16 * 1024]).unwrap_or_default();
        }
        assert!((UNSENT as usize..MUCH).contains(&taken), "it took {taken} bytes");
    }
}
