//! What a log makes of its messages, and what may be shown of them.

use std::collections::BTreeMap;

use shared::client::{Quote, Room};
use shared::id::Seq;
use shared::model::{Change, Entry, What};
use shared::text::Body;

use crate::oracle::Broken;

/// Whether this shows nothing of a message that the log takes back later: whoever caught up over both was told no words,
/// and has not come to the second yet.
pub(crate) fn is_withheld(log: &[Change], entry: &Entry) -> bool {
    let is_recall =
        |change: &Change| matches!(change.what, What::Recalled { target, .. } if target == entry.seq);
    entry.message().is_some_and(|post| post.body == Body::recalled()) && log.iter().any(is_recall)
}

/// The entries that a log makes, with all changes up to a place.
pub(crate) fn fold(log: &[Change], as_of: Seq) -> BTreeMap<Seq, Entry> {
    let mut entries: BTreeMap<Seq, Entry> = BTreeMap::new();
    for change in log.iter().filter(|change| change.seq <= as_of) {
        for concerned in [change.what.target(), change.what.thread()].into_iter().flatten() {
            entries.get_mut(&concerned).map(|entry| entry.fold(change));
        }
        if change.what.target().is_none() {
            entries.insert(change.seq, Entry::of(change.clone()));
        }
    }
    entries
}

/// What a room shows of messages that others answer is what the log makes of them.
pub(crate) fn quotes(room: &Room, folded: &BTreeMap<Seq, Entry>) -> Result<(), Broken> {
    let quoted = room.timeline().entries().filter_map(|entry| entry.message()?.reply);
    for seq in quoted {
        match (room.quote(seq), folded.get(&seq)) {
            (Quote::Unknown, _) => {}
            (Quote::Here(shown), Some(entry)) if **shown == *entry => {}
            _ => return Err(format!("the message at {seq} is quoted as it is not")),
        }
    }
    Ok(())
}
