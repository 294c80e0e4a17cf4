//! Reads what this browser holds and what its other pages say: most pages that come without anything of that are alone,
//! and do without.

use serde::de::DeserializeOwned;
use shared::client::Stored;
use shared::json;
use shared::tab::Word;

use crate::later::later;

/// What storage holds, as it stands there.
pub struct Texts {
    pub pending: Vec<String>,
    pub rooms: Vec<String>,
    /// The account, and this person's own state: what is one cannot be read as the other.
    pub account: Vec<String>,
}

/// Reads what another page says; `None` if that is nothing this build says.
pub type Reader = fn(&str) -> Option<Word>;

later! {
    /// What storage holds. What cannot be read any more is passed over.
    pub fn read_stored(texts: Texts) in reading -> Stored { stored(&texts) }
}

later! {
    /// What reads the words of other pages.
    pub fn reader() in reading -> Reader { word }
}

fn stored(texts: &Texts) -> Stored {
    Stored {
        pending: all(&texts.pending),
        rooms: all(&texts.rooms),
        mine: all(&texts.account).pop().unwrap_or_default(),
        account: all(&texts.account).pop(),
    }
}

fn all<T: DeserializeOwned>(texts: &[String]) -> Vec<T> {
    texts.iter().filter_map(|text| json::read(text).ok()).collect()
}

fn word(text: &str) -> Option<Word> {
    json::read(text).ok()
}
