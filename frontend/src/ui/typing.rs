//! Input methods: telling the Enter that confirms a candidate from the one that means it.

use web_sys::KeyboardEvent;

/// The key code of whatever an input method took.
const TAKEN: u32 = 229;

/// Whether this `keydown` belongs to an input method. The key that ends a composition counts too: Safari tells of it
/// after the composition has ended, but then with this key code. No time is measured here, since on a busy page the
/// next honest Enter may come in the same moment.
pub fn is_composed(key: &KeyboardEvent) -> bool {
    key.is_composing() || key.key_code() == TAKEN
}
