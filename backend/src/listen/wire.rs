//! A TCP stream that counts what it has read and written, and that can linger when it is dropped.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use super::Place;

/// How long a dropped stream still reads, so that the other side gets to read the last words.
const LINGER: Duration = Duration::from_secs(1);

/// What is known of a connection's bytes, also after its stream was handed on.
#[derive(Debug, Default)]
pub struct Wire {
    read: AtomicU64,
    written: AtomicU64,
    lingers: AtomicBool,
}

impl Wire {
    /// How many bytes have come so far.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    pub(crate) fn count_read(&self, read: u64) {
        self.read.fetch_add(read, Ordering::Relaxed);
    }

    /// How many bytes the system has taken so far.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Has the stream linger: closing it while unread bytes wait would reset the connection, and the other side would
    /// lose the close frame that says why.
    pub fn linger(&self) {
        self.lingers.store(true, Ordering::Relaxed);
    }
}

/// The stream itself.
pub(super) struct Wired {
    // `None` only while it is dropped.
    stream: Option<TcpStream>,
    place: Option<Place>,
    wire: Arc<Wire>,
    tasks: TaskTracker,
}

impl Wired {
    pub(super) fn new(stream: TcpStream, place: Place, tasks: TaskTracker) -> Self {
        Self { stream: Some(stream), place: Some(place), wire: Arc::default(), tasks }
    }

    pub(super) fn wire(&self) -> Arc<Wire> {
        Arc::clone(&self.wire)
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    fn count(&self, written: usize) -> usize {
        self.wire.written.fetch_add(written as u64, Ordering::Relaxed);
        written
    }
}

impl Drop for Wired {
    fn drop(&mut self) {
        let lingers = self.wire.lingers.load(Ordering::Relaxed);
        if let (true, Some(stream), Ok(runtime)) = (lingers, self.stream.take(), Handle::try_current()) {
            self.tasks.spawn_on(linger(stream, self.place.take()), &runtime);
        }
    }
}

/// Reads and forgets until the other side has closed, too.
async fn linger(mut stream: TcpStream, place: Option<Place>) {
    let _ = stream.shutdown().await;
    let mut forgotten = [0; 4096];
    let drain = async { while matches!(stream.read(&mut forgotten).await, Ok(1..)) {} };
    let _ = tokio::time::timeout(LINGER, drain).await;
    drop(place);
}

impl AsyncRead for Wired {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let done = self.stream()?.poll_read(context, buffer);
        self.wire.count_read((buffer.filled().len() - before) as u64);
        done
    }
}

impl AsyncWrite for Wired {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(self.stream()?.poll_write(context, bytes))?;
        Poll::Ready(Ok(self.count(written)))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = ready!(self.stream()?.poll_write_vectored(context, slices))?;
        Poll::Ready(Ok(self.count(written)))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}
