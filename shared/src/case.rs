//! Lower case; in a browser by the browser, whose tables we need not bring along: they weigh 8 KB.

/// The text in lower case.
pub fn lower(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { lower_beyond(text) }
}

#[cfg(not(target_arch = "wasm32"))]
fn lower_beyond(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(target_arch = "wasm32")]
fn lower_beyond(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// The first character of what this one is in lower case.
pub fn lower_char(c: char) -> char {
    // Chinese characters, kana and hangul have no case, and there are many of them.
    if matches!(c, '\u{2e80}'..='\u{a63f}' | '\u{ac00}'..='\u{d7ff}' | '\u{20000}'..) {
        return c;
    }
    lower(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_as_the_standard_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(Some(lower_char(c)), c.to_lowercase().next(), "{c:?}");
        }
    }

    #[test]
    fn a_text_may_change_its_length_and_a_sigma_its_shape() {
        assert_eq!(lower("ASCII, İ and ΟΔΟΣ"), "ascii, i\u{307} and οδος");
    }
}
