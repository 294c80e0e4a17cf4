//! Faults that can be planted to see whether the simulator finds them. Only its builds can plant any: everywhere else
//! [`is_planted`] is a constant.

/// A fault that has cost others messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Plant {
    /// A deed is acknowledged before its commit.
    AckBeforeDurable = 1,
    /// A deed that comes again is done again.
    NoDedup,
    /// A deed that comes again is known only to the process that did it.
    DedupInProcess,
    /// A deed that comes again is known only for a while.
    DedupForgets,
    /// A session reads the list first and subscribes then.
    FetchThenSubscribe,
    /// What a person may see is decided when their session subscribes, and not again.
    MembershipCached,
    /// Changes for a connection that takes none are dropped.
    FramesDropped,
    /// A connection whose queue is full is cut.
    CutWhenFull,
    /// A place in the log is given before what stands there can be read.
    SeqBeforeVisible,
    /// News get lost between servers, and nobody looks.
    LostHints,
    /// What waits to be sent is kept in memory only.
    OutboxInMemory,
    /// What waits to be sent is forgotten when it is sent.
    OutboxRemovedWhenSent,
    /// Two write to one socket.
    TwoWriters,
    /// What is unread is counted up, not derived.
    StoredUnread,
    /// Several deeds of one conversation are in flight.
    PipelinedSends,
}

#[cfg(feature = "sim")]
impl Plant {
    /// All of them, with what they are called.
    pub const ALL: [(Self, &'static str); 15] = [
        (Self::AckBeforeDurable, "ack-before-durable"),
        (Self::NoDedup, "no-dedup"),
        (Self::DedupInProcess, "dedup-in-process"),
        (Self::DedupForgets, "dedup-forgets"),
        (Self::FetchThenSubscribe, "fetch-then-subscribe"),
        (Self::MembershipCached, "membership-cached"),
        (Self::FramesDropped, "frames-dropped"),
        (Self::CutWhenFull, "cut-when-full"),
        (Self::SeqBeforeVisible, "seq-before-visible"),
        (Self::LostHints, "lost-hints"),
        (Self::OutboxInMemory, "outbox-in-memory"),
        (Self::OutboxRemovedWhenSent, "outbox-removed-when-sent"),
        (Self::TwoWriters, "two-writers"),
        (Self::StoredUnread, "stored-unread"),
        (Self::PipelinedSends, "pipelined-sends"),
    ];
}

#[cfg(feature = "sim")]
static PLANTED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);

/// Plants one fault in this process, in place of another; `None` takes it out again.
#[cfg(feature = "sim")]
pub fn plant(fault: Option<Plant>) {
    PLANTED.store(fault.map_or(0, |fault| fault as u8), std::sync::atomic::Ordering::Relaxed);
}

/// Whether this fault is planted.
#[cfg(feature = "sim")]
pub fn is_planted(fault: Plant) -> bool {
    PLANTED.load(std::sync::atomic::Ordering::Relaxed) == fault as u8
}

/// Whether this fault is planted: never here.
#[cfg(not(feature = "sim"))]
pub const fn is_planted(_: Plant) -> bool {
    false
}

#[cfg(not(feature = "sim"))]
const _: () = assert!(!is_planted(Plant::AckBeforeDurable), "not even the compiler can plant a fault here");
