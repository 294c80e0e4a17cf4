//! The connection test: how long a message takes to the server and back.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::set_timeout;

use crate::browser;
use crate::socket::{News, Socket};

/// What does not come back within this time is lost.
const DEADLINE: Duration = Duration::from_secs(10);

/// What the test found. Times are in tenths of a millisecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Echo {
    /// How many were sent.
    pub sent: u32,
    /// How many came back unchanged.
    pub back: u32,
    /// The middle of their times.
    pub median: u32,
    /// The longest of their times.
    pub slowest: u32,
}

/// A test under way.
struct Test {
    socket: Option<Socket>,
    rounds: u32,
    said: (String, u32),
    times: Vec<u32>,
    then: Option<Box<dyn FnOnce(Option<Echo>)>>,
}

/// Sends so many messages to `/echo`, one after the other, measures each until it is back, and calls back: with
/// `None` when not a single one came back.
pub fn test(rounds: u32, then: impl FnOnce(Option<Echo>) + 'static) {
    let said = (String::new(), 0);
    let test = Test { socket: None, rounds, said, times: Vec::new(), then: Some(Box::new(then)) };
    let test = Rc::new(RefCell::new(test));
    let heard = Rc::clone(&test);
    let socket = Socket::open("/echo", None, move |news| hear(&heard, &news));
    let opened = socket.is_some();
    test.borrow_mut().socket = socket;
    if opened {
        set_timeout(move || finish(&test), DEADLINE);
    } else {
        finish(&test);
    }
}

fn hear(test: &Rc<RefCell<Test>>, news: &News) {
    let goes_on = {
        let mut test = test.borrow_mut();
        match news {
            News::Opened => test.say(),
            News::Text(said) => test.came_back(said) && test.say(),
            News::Closed(_) => false,
        }
    };
    if !goes_on {
        finish(test);
    }
}

/// Calls back, once. The socket closes a turn later, for this may run inside one of its handlers.
fn finish(test: &Rc<RefCell<Test>>) {
    let (then, result) = {
        let mut test = test.borrow_mut();
        let result = test.result();
        (test.then.take(), result)
    };
    if let Some(then) = then {
        let test = Rc::clone(test);
        set_timeout(move || drop(test.borrow_mut().socket.take()), Duration::ZERO);
        then(result);
    }
}

impl Test {
    /// Sends the next message; answers whether there was one to send.
    fn say(&mut self) -> bool {
        let round = self.times.len();
        if round >= self.rounds as usize {
            return false;
        }
        self.said = (format!("echo {round} 喜鹊"), browser::tenths());
        if let Some(socket) = &self.socket {
            socket.send(&self.said.0);
        }
        true
    }

    fn came_back(&mut self, text: &str) -> bool {
        if text == self.said.0 {
            self.times.push(browser::tenths().saturating_sub(self.said.1));
        }
        text == self.said.0
    }

    fn result(&self) -> Option<Echo> {
        let mut times = self.times.clone();
        times.sort_unstable();
        let slowest = *times.last()?;
        let back = u32::try_from(times.len()).unwrap_or(self.rounds);
        Some(Echo { sent: self.rounds, back, median: times[times.len() / 2], slowest })
    }
}
