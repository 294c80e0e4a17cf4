//! Emoji by their shortcodes.

use shared::case::lower;
use shared::emoji::{TONES, with_code};

use super::{Completion, OFFERED, Offer, Sign, with_emoji};
use crate::emoji;

/// Those whose shortcode begins so.
pub(super) fn offers(code: &str, completion: Completion) -> Vec<Offer> {
    let Some(all) = with_emoji(completion) else { return Vec::new() };
    let tone = TONES[emoji::tone()];
    let offer = |(emoji, code): (shared::emoji::Emoji<'static>, String)| {
        let text = emoji.with_tone(tone);
        Offer { sign: Sign::Emoji(text.clone()), name: format!(":{code}:"), note: String::new(), text }
    };
    with_code(all, code, OFFERED).into_iter().map(offer).collect()
}

/// The emoji of a whole shortcode. Who has typed one has seen the offers, so the emoji are at hand.
pub(super) fn of_code(code: &str) -> Option<String> {
    let (emoji, found) = with_code(emoji::at_hand()?, code, 1).pop()?;
    (found == lower(code)).then(|| emoji.with_tone(TONES[emoji::tone()]))
}
