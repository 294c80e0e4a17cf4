//! Measures how long messages of one conversation take from their commit to each of many readers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use shared::code::Code;
use shared::frame::ServerFrame;
use shared::id::{ClientId, ConversationId, Seq, UserId};
use shared::model::What;

use crate::latency::Spread;
use crate::oracle::Oracle;
use crate::shell::Witness;

/// When somebody got which message.
type Receipts = Mutex<Vec<(Seq, Instant)>>;

/// Notes every receipt of a message, and tells the oracle the rest.
pub(crate) struct Stopwatch {
    conversation: ConversationId,
    /// Of those whose receipts count; each has a lock of its own.
    readers: HashMap<UserId, Receipts>,
    /// When its author was told that it is done.
    done: Receipts,
    oracle: Arc<Oracle>,
}

impl Stopwatch {
    /// For messages of this conversation and these readers.
    pub(crate) fn new(
        conversation: ConversationId,
        readers: impl Iterator<Item = UserId>,
        oracle: Arc<Oracle>,
    ) -> Self {
        let readers = readers.map(|reader| (reader, Receipts::default())).collect();
        Self { conversation, readers, done: Receipts::default(), oracle }
    }

    /// Forgets what was before.
    pub(crate) fn begin(&self) {
        for receipts in self.readers.values().chain([&self.done]) {
            receipts.lock().clear();
        }
    }

    /// How many there are by now.
    pub(crate) fn receipts(&self) -> usize {
        self.readers.values().map(|receipts| receipts.lock().len()).sum()
    }

    /// From the first sign of a commit that anybody had, author or reader, to each receipt.
    pub(crate) fn latency(&self) -> Spread {
        let mut first: HashMap<Seq, Instant> = HashMap::new();
        for receipts in self.readers.values().chain([&self.done]) {
            for (seq, at) in &*receipts.lock() {
                first.entry(*seq).and_modify(|first| *first = (*first).min(*at)).or_insert(*at);
            }
        }
        let since =
            |(seq, at): &(Seq, Instant)| -> Option<Duration> { Some(at.duration_since(*first.get(seq)?)) };
        let waits = self.readers.values().flat_map(|receipts| {
            let waits: Vec<Duration> = receipts.lock().iter().filter_map(since).collect();
            waits
        });
        Spread::of(waits.collect())
    }
}

impl Witness for Stopwatch {
    fn heard(&self, who: UserId, frame: &ServerFrame) {
        match frame {
            ServerFrame::Changed { change }
                if change.conversation == self.conversation && matches!(change.what, What::Posted(_)) =>
            {
                if let Some(receipts) = self.readers.get(&who) {
                    receipts.lock().push((change.seq, Instant::now()));
                }
            }
            ServerFrame::Done { conversation, seq, .. } if *conversation == self.conversation => {
                self.done.lock().push((*seq, Instant::now()));
            }
            _ => {}
        }
    }

    fn done(&self, who: UserId, client_id: ClientId, conversation: ConversationId, seq: Seq) {
        self.oracle.done(who, client_id, conversation, seq);
    }

    fn refused(&self, who: UserId, client_id: ClientId, code: Code) {
        self.oracle.refused(who, client_id, code);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn user(number: u64) -> UserId {
        number.try_into().unwrap()
    }

    fn said(conversation: u64, seq: u64) -> ServerFrame {
        let what = json!({ "kind": "posted", "body": "hi" });
        let change = json!({ "conversation": conversation, "seq": seq, "at": 0, "author": 1, "what": what });
        serde_json::from_value(json!({ "t": "changed", "change": change })).unwrap()
    }

    #[test]
    fn receipts_of_the_readers_in_the_conversation_count_from_the_first_of_each_message() {
        let here = 1.try_into().unwrap();
        let watch = Stopwatch::new(here, [user(2), user(3)].into_iter(), Arc::default());
        watch.heard(user(2), &said(1, 8));
        watch.begin();
        for (who, frame) in [(2, said(1, 9)), (3, said(1, 9)), (2, said(7, 10)), (4, said(1, 9))] {
            watch.heard(user(who), &frame);
        }
        assert_eq!(watch.receipts(), 2);
        let latency = watch.latency();
        assert_eq!((latency.len(), latency.at(50)), (2, Duration::ZERO));
    }
}
