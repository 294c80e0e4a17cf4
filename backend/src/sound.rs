//! How Chinese names are read: pinyin without tones, for people who type letters to find them.

use pinyin::{Pinyin, PinyinMulti, ToPinyinMulti};
use shared::fuzzy::is_han;
use shared::text::Sound;

/// Readings of one character that are kept, the usual ones first.
const READINGS: usize = 4;

/// The sound of a name, as [`shared::fuzzy`] describes it; `None` where no character of it is Chinese.
pub fn of(name: &str) -> Option<Sound> {
    let mut sound = String::new();
    for c in name.chars().filter(|c| is_han(*c)) {
        if !sound.is_empty() {
            sound.push(' ');
        }
        match c.to_pinyin_multi() {
            Some(readings) => push(&mut sound, readings),
            None => sound.push('-'),
        }
    }
    // What has too many characters for a sound has too many for a name.
    Sound::try_from(sound).ok()
}

fn push(sound: &mut String, readings: PinyinMulti) {
    let plain = readings.into_iter().map(Pinyin::plain).flat_map(spellings);
    let mut kept: Vec<String> = Vec::with_capacity(READINGS);
    for reading in plain {
        if kept.len() < READINGS && !kept.contains(&reading) {
            kept.push(reading);
        }
    }
    sound.push_str(&kept.join("|"));
}

/// ü is typed as v, and by those who do not know that as u. Letters with other marks, of four interjections, are left.
fn spellings(reading: &str) -> Vec<String> {
    let with = |u: &str| reading.replace('ü', u).chars().filter(char::is_ascii_lowercase).collect();
    if reading.contains('ü') { vec![with("v"), with("u")] } else { vec![with("")] }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(of(name).as_ref().map(Sound::as_str), expected, "{name}");
    }

    #[test]
    fn every_chinese_character_has_its_readings() {
        check("张三", Some("zhang san"));
        check("李 Lee 可", Some("li ke|ge"));
        check("吕", Some("lv|lu"));
        check("Maya", None);
        check("", None);
        check("ひらがな", None);
    }

    #[test]
    fn a_character_with_several_readings_has_them_all() {
        for (name, query) in [
            ("重庆", "chongqing"),
            ("重庆", "zhongqing"),
            ("曾敏", "zengmin"),
            ("单雄", "sx"),
            ("行长", "hangzhang"),
        ] {
            let sound = of(name).unwrap();
            assert!(
                shared::fuzzy::rank(query, name, Some(sound.as_str())).unwrap().is_close(),
                "{name} {sound}"
            );
        }
    }

    #[test]
    fn the_longest_name_has_a_sound() {
        assert!(of(&"和".repeat(shared::text::TITLE_CHARS)).is_some());
    }

    #[test]
    fn no_character_breaks_it() {
        let all = (0..=0x0003_23af_u32).filter_map(char::from_u32).filter(|c| is_han(*c));
        let silent = all.filter(|c| of(&c.to_string()).is_none()).count();
        assert_eq!(silent, 0);
    }
}
