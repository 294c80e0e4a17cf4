//! All that was said in a run, as one number: the same seed must say the same.

/// FNV-1a, 64 bit (Fowler, Noll, Vo 1991), over every frame with its moment and its connection.
#[derive(Debug, Clone)]
pub(crate) struct Trace(u64);

impl Default for Trace {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Trace {
    pub(crate) fn note(&mut self, at: u64, pipe: usize, text: &str) {
        for byte in at.to_le_bytes().into_iter().chain(pipe.to_le_bytes()).chain(text.bytes()) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    pub(crate) fn sum(&self) -> u64 {
        self.0
    }
}
