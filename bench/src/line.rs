//! The socket of one client: opening, open or closed, and what it says.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{SinkExt as _, StreamExt as _};
use shared::client::{Input, Socket};
use shared::code::Close;
use shared::frame::{ClientFrame, SUBPROTOCOL};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// What the library buffers for reading, allocated at once for each client.
const READ_BUFFER: usize = 4 * 1024;

type Wire = Box<WebSocketStream<TcpStream>>;

/// One client's connection, if it has one.
pub(crate) enum Line {
    /// None.
    Closed,
    /// One that is being opened.
    Opening(Socket, Pin<Box<dyn Future<Output = Option<Wire>> + Send>>),
    /// One over which frames go.
    Open {
        /// The core's number of it.
        number: Socket,
        /// The socket itself.
        wire: Wire,
        /// Whether something may be waiting to be written.
        unflushed: bool,
    },
}

impl Line {
    /// Begins to open the core's socket of this number. `narrow`: bytes that the system may hold for a reader that does
    /// not read, where that is not left to the system.
    pub(crate) fn open(number: Socket, address: SocketAddr, token: &str, narrow: Option<u32>) -> Self {
        Self::Opening(number, Box::pin(upgrade(address, format!("Bearer {token}"), narrow)))
    }

    /// Sends a frame as soon as the socket takes it; over a closed line it goes nowhere.
    pub(crate) fn send(&mut self, frame: &ClientFrame) {
        if let (Self::Open { wire, unflushed, .. }, Ok(text)) = (self, serde_json::to_string(frame)) {
            // The library keeps what the socket does not take yet; an error shows when it is read from.
            let _ = wire.start_send_unpin(Message::text(text));
            *unflushed = true;
        }
    }

    /// What happened next, as the core is told it. Never returns while the line is closed.
    pub(crate) async fn news(&mut self) -> Input {
        std::future::poll_fn(|context| self.poll_news(context)).await
    }

    fn poll_news(&mut self, context: &mut Context<'_>) -> Poll<Input> {
        let news = match self {
            Self::Closed => return Poll::Pending,
            Self::Opening(number, opening) => {
                let number = *number;
                match ready!(opening.as_mut().poll(context)) {
                    Some(wire) => {
                        *self = Self::Open { number, wire, unflushed: false };
                        return Poll::Ready(Input::Opened(number));
                    }
                    None => Input::Lost(number, None),
                }
            }
            Self::Open { number, wire, unflushed } => {
                if *unflushed && wire.poll_flush_unpin(context).is_ready() {
                    *unflushed = false;
                }
                ready!(poll_frame(*number, wire, context))
            }
        };
        if matches!(news, Input::Lost(..)) {
            *self = Self::Closed;
        }
        Poll::Ready(news)
    }
}

/// The next frame, or the end of the socket.
fn poll_frame(number: Socket, wire: &mut Wire, context: &mut Context<'_>) -> Poll<Input> {
    loop {
        match ready!(wire.poll_next_unpin(context)) {
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(frame) => return Poll::Ready(Input::Received(number, Box::new(frame))),
                Err(error) => eprintln!("magpie-bench: a frame could not be read: {error}"),
            },
            Some(Ok(Message::Close(frame))) => {
                let close = frame.and_then(|frame| Close::from_code(frame.code.into()));
                return Poll::Ready(Input::Lost(number, close));
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Poll::Ready(Input::Lost(number, None)),
        }
    }
}

/// Opens the socket as a program does: with a bearer token, without `Origin`. As a browser would, it keeps to itself
/// why that did not work.
async fn upgrade(address: SocketAddr, authorization: String, narrow: Option<u32>) -> Option<Wire> {
    let mut request = format!("ws://{address}/ws").into_client_request().ok()?;
    request.headers_mut().insert("authorization", HeaderValue::try_from(authorization).ok()?);
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(SUBPROTOCOL));
    let socket = TcpSocket::new_v4().ok()?;
    if let Some(bytes) = narrow {
        socket.set_recv_buffer_size(bytes).ok()?;
    }
    let stream = socket.connect(address).await.ok()?;
    stream.set_nodelay(true).ok()?;
    let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER).write_buffer_size(READ_BUFFER);
    let (wire, _) = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await.ok()?;
    Some(Box::new(wire))
}
