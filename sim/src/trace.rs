//! All that was said in a run, as one number: the same seed must say the same.

use std::io::Write as _;

/// FNV-1a, 64 bit (Fowler, Noll, Vo 1991), over every frame with its moment and its connection.
#[derive(Debug, Clone)]
pub(crate) struct Trace {
    sum: u64,
    is_told: bool,
}

impl Trace {
    /// Of a run that is also told, line by line, or not.
    pub(crate) fn new(is_told: bool) -> Self {
        Self { sum: 0xcbf2_9ce4_8422_2325, is_told }
    }

    /// A frame arrives, up at a server or down at a page.
    pub(crate) fn note(&mut self, at: u64, pipe: usize, text: &str) {
        for byte in at.to_le_bytes().into_iter().chain(pipe.to_le_bytes()).chain(text.bytes()) {
            self.sum = (self.sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self.tell(at, || format!("connection {pipe}: {text}"));
    }

    /// Something else happens.
    pub(crate) fn tell(&self, at: u64, line: impl FnOnce() -> String) {
        if self.is_told {
            // A reader may have seen enough.
            let _ = writeln!(std::io::stdout(), "{at:>8} {}", line());
        }
    }

    pub(crate) fn sum(&self) -> u64 {
        self.sum
    }
}
