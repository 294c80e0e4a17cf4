//! The connection test: how long a message takes to the server and back.

use futures::{SinkExt, StreamExt};
use gloo_net::websocket::Message;
use gloo_net::websocket::futures::WebSocket;

use crate::browser;

/// What the test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Echo {
    /// How many were sent.
    pub sent: u32,
    /// How many came back unchanged.
    pub back: u32,
    /// The middle of their times, in milliseconds.
    pub median_ms: f64,
    /// The longest of their times, in milliseconds.
    pub slowest_ms: f64,
}

/// Sends so many messages to `/echo`, one after the other, and measures each until it is back. `None` when not a
/// single one came back.
pub async fn test(rounds: u32) -> Option<Echo> {
    let address = format!("{}/echo", browser::origin().replacen("http", "ws", 1));
    let mut socket = WebSocket::open(&address).ok()?;
    let mut times = Vec::new();
    for round in 0..rounds {
        let text = format!("echo {round} 喜鹊");
        let before = millis();
        if socket.send(Message::Text(text.clone())).await.is_err() {
            break;
        }
        match socket.next().await {
            Some(Ok(Message::Text(back))) if back == text => times.push(millis() - before),
            _ => break,
        }
    }
    times.sort_by(f64::total_cmp);
    let slowest_ms = *times.last()?;
    let back = u32::try_from(times.len()).unwrap_or(rounds);
    Some(Echo { sent: rounds, back, median_ms: times[times.len() / 2], slowest_ms })
}

fn millis() -> f64 {
    leptos::prelude::window().performance().map_or(0.0, |clock| clock.now())
}
