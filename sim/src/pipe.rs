//! A connection: two directions in which frames take their time, pile up, or are lost.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use axum::Error;
use axum::extract::ws::{Message, Utf8Bytes};
use backend::listen::Wire;
use futures_util::{Sink, Stream};
use parking_lot::Mutex;

use crate::dice::Dice;
use crate::event::{Call, Event, PageId, PipeId};
use crate::queue::Queue;

/// Both ends of it, and what travels.
pub(crate) struct Pipe {
    id: PipeId,
    /// Whose it is.
    pub(crate) page: PageId,
    /// Which of the page's calls it answers.
    pub(crate) call: Call,
    /// To which server.
    pub(crate) server: usize,
    queue: Arc<Queue>,
    wire: Arc<Wire>,
    state: Mutex<State>,
}

struct State {
    dice: Dice,
    up: VecDeque<String>,
    arrived: VecDeque<String>,
    down: VecDeque<Message>,
    /// No frame arrives before the one before it.
    up_due: u64,
    down_due: u64,
    /// How many frames the server may have on the way.
    window: usize,
    reader: Option<Waker>,
    writer: Option<Waker>,
    condition: Condition,
    /// From when on nothing more may be written, because the session is over.
    over: Option<u64>,
    /// Whether something was.
    is_late: bool,
}

/// How it stands with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    /// Frames arrive.
    Open,
    /// The page takes nothing at the moment.
    Stalled,
    /// Nothing arrives any more, in one direction or both, and neither end knows.
    Silent(Silence),
    /// Both ends know that it is over.
    Cut,
}

/// In which direction nothing arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Silence {
    /// Neither.
    Both,
    /// From the page to the server.
    Up,
    /// From the server to the page.
    Down,
}

impl Condition {
    fn carries_up(self) -> bool {
        matches!(self, Self::Open | Self::Stalled | Self::Silent(Silence::Down))
    }

    fn carries_down(self) -> bool {
        matches!(self, Self::Open | Self::Silent(Silence::Up))
    }
}

impl Pipe {
    pub(crate) fn new(
        id: PipeId,
        page: PageId,
        call: Call,
        server: usize,
        queue: &Arc<Queue>,
        mut dice: Dice,
    ) -> Arc<Self> {
        let window = 1 + usize::try_from(dice.below(24)).unwrap_or(0);
        let state = State {
            dice,
            up: VecDeque::new(),
            arrived: VecDeque::new(),
            down: VecDeque::new(),
            up_due: 0,
            down_due: 0,
            window,
            reader: None,
            writer: None,
            condition: Condition::Open,
            over: None,
            is_late: false,
        };
        Arc::new(Self {
            id,
            page,
            call,
            server,
            queue: Arc::clone(queue),
            wire: Arc::default(),
            state: Mutex::new(state),
        })
    }

    /// The server's end.
    pub(crate) fn end(self: &Arc<Self>) -> (End, Arc<Wire>) {
        (End(Arc::clone(self)), Arc::clone(&self.wire))
    }

    /// The page sends a frame.
    pub(crate) fn send(&self, text: String) {
        let mut state = self.state.lock();
        if !state.condition.carries_up() {
            return;
        }
        state.up.push_back(text);
        let due = state.due(self.queue.now());
        state.up_due = state.up_due.max(due);
        self.queue.at(state.up_due, Event::Up(self.id));
    }

    /// A frame of the page's arrives.
    pub(crate) fn arrive(&self) -> Option<String> {
        let mut state = self.state.lock();
        if !state.condition.carries_up() {
            return None;
        }
        let text = state.up.pop_front()?;
        state.arrived.push_back(text.clone());
        state.wake();
        Some(text)
    }

    /// A frame of the server's arrives at the page.
    pub(crate) fn take(&self) -> Option<Message> {
        let mut state = self.state.lock();
        if !state.condition.carries_down() {
            return None;
        }
        let message = state.down.pop_front()?;
        self.wire.count_written(1);
        state.wake();
        Some(message)
    }

    /// Over, for both ends, with all that was on the way.
    pub(crate) fn cut(&self) {
        let mut state = self.state.lock();
        state.condition = Condition::Cut;
        state.down.clear();
        state.wake();
    }

    pub(crate) fn is_cut(&self) -> bool {
        self.state.lock().condition == Condition::Cut
    }

    /// The session ends: nothing may be written from then on but a farewell.
    pub(crate) fn is_over_at(&self, moment: u64) {
        self.state.lock().over.get_or_insert(moment);
    }

    /// Whether something was written after the end of the session.
    pub(crate) fn is_late(&self) -> bool {
        self.state.lock().is_late
    }

    /// From now on nothing arrives, and nobody is told.
    pub(crate) fn silence(&self, silence: Silence) {
        let mut state = self.state.lock();
        if state.condition != Condition::Cut {
            state.condition = Condition::Silent(silence);
        }
    }

    /// Whether nothing arrives any more.
    pub(crate) fn is_silent(&self) -> bool {
        matches!(self.state.lock().condition, Condition::Silent(_))
    }

    /// The page stops taking.
    pub(crate) fn stall(&self) {
        let mut state = self.state.lock();
        if state.condition == Condition::Open {
            state.condition = Condition::Stalled;
        }
    }

    /// The page goes on.
    pub(crate) fn flow(&self) {
        let mut state = self.state.lock();
        if state.condition == Condition::Stalled {
            state.condition = Condition::Open;
            for _ in 0..state.down.len() {
                self.queue.after(0, Event::Down(self.id));
            }
        }
    }
}

impl State {
    fn due(&mut self, now: u64) -> u64 {
        // Most networks are quick, some are not.
        let slow = if self.dice.chance(10) { 120 } else { 8 };
        now + self.dice.below(slow)
    }

    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()].into_iter().flatten() {
            waker.wake();
        }
    }
}

/// The server's end: what a WebSocket is to it.
pub(crate) struct End(Arc<Pipe>);

impl Stream for End {
    type Item = Result<Message, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut state = self.0.state.lock();
        if let Some(text) = state.arrived.pop_front() {
            self.0.wire.count_read(text.len() as u64 + 6);
            return Poll::Ready(Some(Ok(Message::Text(Utf8Bytes::from(text)))));
        }
        if state.condition == Condition::Cut {
            return Poll::Ready(None);
        }
        state.reader = Some(context.waker().clone());
        Poll::Pending
    }
}

impl Sink<Message> for End {
    type Error = Error;

    fn poll_ready(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let mut state = self.0.state.lock();
        if state.condition == Condition::Cut {
            return Poll::Ready(Err(gone()));
        }
        if state.down.len() >= state.window {
            state.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, message: Message) -> Result<(), Error> {
        let mut state = self.0.state.lock();
        if state.condition == Condition::Cut {
            return Err(gone());
        }
        let is_over = state.over.is_some_and(|over| self.0.queue.now() > over);
        state.is_late |= is_over && !matches!(message, Message::Close(_));
        state.down.push_back(message);
        if !matches!(state.condition, Condition::Silent(Silence::Both | Silence::Down)) {
            let due = state.due(self.0.queue.now());
            state.down_due = state.down_due.max(due);
            self.0.queue.at(state.down_due, Event::Down(self.0.id));
        }
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.poll_ready(context)
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }
}

impl Drop for End {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        let said_why = matches!(state.down.back(), Some(Message::Close(_)));
        if matches!(state.condition, Condition::Open | Condition::Stalled) && !said_why {
            // Without a last word the system throws away what was on the way.
            state.condition = Condition::Cut;
            state.down.clear();
            self.0.queue.after(1, Event::Lost(self.0.id));
        }
    }
}

fn gone() -> Error {
    Error::new(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
}
