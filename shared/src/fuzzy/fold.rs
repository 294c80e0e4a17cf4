//! What is one letter to somebody who types: case, width and diacritics folded.

/// Latin letters, each before those that are it with something added.
const LATIN: [&str; 24] = [
    "aàáâãäåāăąǎæ",
    "cçćĉċč",
    "dďđð",
    "eèéêëēĕėęěə",
    "gĝğġģ",
    "hĥħ",
    "iìíîïĩīĭįıǐ",
    "jĵ",
    "kķ",
    "lĺļľŀł",
    "nñńņňŋ",
    "oòóôõöøōŏőǒœ",
    "rŕŗř",
    "sśŝşšșß",
    "tţťŧțþ",
    "uùúûüũūŭůűųǔǖǘǚǜ",
    "wŵ",
    "yýÿŷ",
    "zźżž",
    "aạảấầẩẫậắằẳẵặ",
    "eẹẻẽếềểễệ",
    "iỉị",
    "oọỏốồổỗộớờởỡợơ",
    "uụủứừửữựư",
];

/// A character as it is compared: in lower case, of ordinary width, without diacritics.
pub fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let c = match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    let c = crate::case::lower_char(c);
    if c.is_ascii() || c > '\u{1eff}' {
        return c;
    }
    let base = LATIN.iter().find(|group| group.contains(c)).and_then(|group| group.chars().next());
    base.unwrap_or(c)
}

/// Whether that is a Chinese character, which has readings: the unified ideographs, and 〇.
pub const fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}
