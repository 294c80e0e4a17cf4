//! A TCP stream that counts its bytes, gives up on who takes none, and can linger when it is dropped.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::runtime::Handle;
use tokio::time::{Instant, Sleep};
use tokio_util::task::TaskTracker;

use crate::limits::Place;

/// Who takes no byte for so long gets no more: a place is not held for ever by who does not read.
const STALLED: Duration = Duration::from_secs(30);

/// What is known of a connection's bytes, also after its stream was handed on.
#[derive(Debug, Default)]
pub struct Wire {
    read: AtomicU64,
    written: AtomicU64,
    lingers: OnceLock<Instant>,
}

impl Wire {
    /// How many bytes have come so far.
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// So many more have come.
    pub fn count_read(&self, read: u64) {
        self.read.fetch_add(read, Ordering::Relaxed);
    }

    /// So many more were taken.
    pub fn count_written(&self, written: u64) {
        self.written.fetch_add(written, Ordering::Relaxed);
    }

    /// How many bytes the system has taken so far.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// Has the stream linger until then: closing it while unread bytes wait would reset the connection, and the other
    /// side would lose the close frame that says why. Whatever it has not taken by then it never gets.
    pub fn linger(&self, until: Instant) {
        // The first word counts.
        let _ = self.lingers.set(until);
    }
}

/// The stream itself.
pub(super) struct Wired {
    // `None` only while it is dropped.
    stream: Option<TcpStream>,
    place: Option<Place>,
    wire: Arc<Wire>,
    tasks: TaskTracker,
    /// Runs while bytes wait that the other side does not take.
    stall: Option<Pin<Box<Sleep>>>,
}

impl Wired {
    pub(super) fn new(stream: TcpStream, place: Place, tasks: TaskTracker) -> Self {
        Self { stream: Some(stream), place: Some(place), wire: Arc::default(), tasks, stall: None }
    }

    pub(super) fn wire(&self) -> Arc<Wire> {
        Arc::clone(&self.wire)
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        self.stream.as_mut().map(Pin::new).ok_or_else(|| io::ErrorKind::NotConnected.into())
    }

    /// Counts what was written; fails when nothing could be for too long.
    fn count(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if written.is_pending() {
            let stall = self.stall.get_or_insert_with(|| Box::pin(tokio::time::sleep(STALLED)));
            ready!(stall.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        self.stall = None;
        if let Poll::Ready(Ok(written)) = written {
            self.wire.count_written(written as u64);
        }
        written
    }
}

impl Drop for Wired {
    fn drop(&mut self) {
        let lingers = self.wire.lingers.get().copied();
        if let (Some(until), Some(stream), Ok(runtime)) = (lingers, self.stream.take(), Handle::try_current())
        {
            self.tasks.spawn_on(linger(stream, self.place.take(), until), &runtime);
        }
    }
}

/// Reads and forgets until the other side has closed, too. If it has not in time, the system is not to go on sending
/// what it holds: that could be read long after a session was revoked, and would be kept for who never reads.
async fn linger(mut stream: TcpStream, place: Option<Place>, until: Instant) {
    let _ = stream.shutdown().await;
    let mut forgotten = [0; 4096];
    let drain = async { while matches!(stream.read(&mut forgotten).await, Ok(1..)) {} };
    if tokio::time::timeout_at(until, drain).await.is_err() {
        let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
    }
    drop(stream);
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
        let written = self.stream()?.poll_write(context, bytes);
        self.count(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = self.stream()?.poll_write_vectored(context, slices);
        self.count(written, context)
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

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use tokio::net::TcpListener;

    use super::*;
    use crate::limits::Places;

    /// A stream of ours that holds the only place, and the other side of it.
    async fn connected(places: &Arc<Places>) -> (Wired, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let theirs = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (ours, address) = listener.accept().await.unwrap();
        let place = places.take(address.ip().into()).unwrap();
        (Wired::new(ours, place, TaskTracker::new()), theirs)
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_no_byte_for_half_a_minute_loses_the_place() {
        let places = Places::new(1, 1, |_| {});
        let (mut ours, _theirs) = connected(&places).await;
        let begun = tokio::time::Instant::now();
        let error = loop {
            if let Err(error) = ours.write(&[0; 16 * 1024]).await {
                break error;
            }
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() >= STALLED);
        drop(ours);
        assert!(places.take(IpAddr::from([127, 0, 0, 1]).into()).is_some());
    }

    #[tokio::test]
    async fn what_was_not_taken_in_time_never_arrives() {
        let places = Places::new(1, 1, |_| {});
        let (mut ours, mut theirs) = connected(&places).await;
        let mut written = 0;
        while let Ok(Ok(bytes)) =
            tokio::time::timeout(Duration::from_millis(200), ours.write(&[0; 16 * 1024])).await
        {
            written += bytes;
        }
        let tasks = ours.tasks.clone();
        ours.wire.linger(Instant::now());
        drop(ours);
        tasks.close();
        tasks.wait().await;
        let mut taken = Vec::new();
        let end = theirs.read_to_end(&mut taken).await;
        assert_eq!(end.map_err(|error| error.kind()), Err(io::ErrorKind::ConnectionReset));
        assert!(taken.len() < written, "all {written} bytes arrived");
    }
}
