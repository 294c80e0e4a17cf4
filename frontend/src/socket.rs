//! One WebSocket, with its handlers: when it is dropped it is closed, and its handlers with it.

use wasm_bindgen::prelude::*;
use web_sys::{CloseEvent, MessageEvent, WebSocket};

use crate::browser;

/// What a socket tells.
pub enum News {
    /// It opened.
    Opened,
    /// A text frame came.
    Text(String),
    /// It closed, with this code, or could not be opened.
    Closed(u16),
}

/// An open or opening socket.
pub struct Socket {
    inner: WebSocket,
    // Kept for as long as the browser may call them.
    _open: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _close: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Opens a socket to a path of this server, naming a subprotocol if there is one. `None` when the browser refuses.
    pub fn open(path: &str, protocol: Option<&str>, tell: impl Fn(News) + Clone + 'static) -> Option<Self> {
        let address = format!("{}{path}", browser::origin().replacen("http", "ws", 1));
        let inner = match protocol {
            Some(protocol) => WebSocket::new_with_str(&address, protocol),
            None => WebSocket::new(&address),
        };
        let inner = inner.ok()?;
        let opened = tell.clone();
        let open = Closure::<dyn FnMut()>::new(move || {
            browser::debug("magpie: the socket is open");
            opened(News::Opened);
        });
        let received = tell.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(text) = event.data().as_string() {
                browser::debug(&format!("magpie: received {} characters", text.len()));
                received(News::Text(text));
            }
        });
        let close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            browser::debug(&format!("magpie: the socket is closed ({})", event.code()));
            tell(News::Closed(event.code()));
        });
        inner.set_onopen(Some(open.as_ref().unchecked_ref()));
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        inner.set_onclose(Some(close.as_ref().unchecked_ref()));
        Some(Self { inner, _open: open, _message: message, _close: close })
    }

    /// Hands a frame to the browser. A socket that is closing takes none; its `Closed` will tell.
    pub fn send(&self, text: &str) {
        let _ = self.inner.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        let _ = self.inner.close();
        browser::debug("magpie: left the socket");
    }
}
