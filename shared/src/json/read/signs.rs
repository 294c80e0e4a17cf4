//! The smallest pieces of a text: spaces, words, numbers and strings.

use std::borrow::Cow;

use super::{Reader, Unreadable};

impl<'a> Reader<'a> {
    /// The next byte that is no space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += space;
        rest.get(space).copied()
    }

    /// Passes this byte, if it is the next one.
    pub(super) fn passes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Passes this byte, which must be the next one.
    pub(super) fn pass(&mut self, byte: u8) -> Result<(), Unreadable> {
        if self.passes(byte) { Ok(()) } else { Err(Unreadable) }
    }

    /// Passes a number or a word, and gives it.
    fn word(&mut self) -> Result<&'a str, Unreadable> {
        self.peek();
        let rest = self.text.get(self.at..).ok_or(Unreadable)?;
        let is_of_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.');
        let length = rest.bytes().take_while(|byte| is_of_word(byte)).count();
        self.at += length;
        // These bytes are characters by themselves.
        rest.get(..length).filter(|word| !word.is_empty()).ok_or(Unreadable)
    }

    /// Whether a whole number is negative, and how far it is from zero: at most `u64::MAX`. Zero is not negative.
    pub(super) fn whole(&mut self) -> Result<(bool, u64), Unreadable> {
        let is_quoted = self.is_key && self.passes(b'"');
        let word = self.word()?;
        if is_quoted {
            self.pass(b'"')?;
        }
        let digits = word.strip_prefix('-').unwrap_or(word);
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_plain || (digits.len() > 1 && digits.starts_with('0')) {
            return Err(Unreadable);
        }
        let number = digits.parse().map_err(|_| Unreadable)?;
        let is_negative = digits.len() < word.len();
        if is_negative && number == 0 { Err(Unreadable) } else { Ok((is_negative, number)) }
    }

    pub(super) fn truth(&mut self) -> Result<bool, Unreadable> {
        match self.word()? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Unreadable),
        }
    }

    pub(super) fn null(&mut self) -> Result<(), Unreadable> {
        if self.word()? == "null" { Ok(()) } else { Err(Unreadable) }
    }

    /// What stands up to the next quote, escape or control character, and which of them it is.
    fn run(&mut self) -> Result<(&'a str, u8), Unreadable> {
        let rest = self.text.get(self.at..).ok_or(Unreadable)?;
        let is_end = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
        let length = rest.bytes().position(is_end).ok_or(Unreadable)?;
        self.at += length + 1;
        Ok((&rest[..length], rest.as_bytes()[length]))
    }

    /// Passes a string, and gives what it means; borrowed, where no escape stands in it.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Unreadable> {
        self.pass(b'"')?;
        let mut all = Cow::Borrowed("");
        loop {
            let (run, end) = self.run()?;
            if all.is_empty() {
                all = Cow::Borrowed(run);
            } else {
                all.to_mut().push_str(run);
            }
            match end {
                b'"' => return Ok(all),
                b'\\' => all.to_mut().push(self.escaped()?),
                _ => return Err(Unreadable),
            }
        }
    }

    /// The character that an escape means.
    fn escaped(&mut self) -> Result<char, Unreadable> {
        let sign = self.text.as_bytes().get(self.at).ok_or(Unreadable)?;
        self.at += 1;
        Ok(match sign {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.of_code(),
            _ => return Err(Unreadable),
        })
    }

    /// A character by its code, or by the two halves of it.
    fn of_code(&mut self) -> Result<char, Unreadable> {
        let first = self.hex()?;
        let code = if (0xd800..0xdc00).contains(&first) {
            let is_more = self.text.get(self.at..).is_some_and(|rest| rest.starts_with("\\u"));
            self.at += 2;
            let second = if is_more { self.hex()? } else { 0 };
            let low = second.checked_sub(0xdc00).filter(|low| *low < 0x400).ok_or(Unreadable)?;
            0x1_0000 + ((first - 0xd800) << 10) + low
        } else {
            first
        };
        char::from_u32(code).ok_or(Unreadable)
    }

    /// Passes four hexadecimal digits.
    fn hex(&mut self) -> Result<u32, Unreadable> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Unreadable)?;
        self.at += 4;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or(Unreadable)
    }

    /// Passes a value, and gives it as it stands there. Of what stands in it only the ends are looked for, in a loop:
    /// how deep it is costs no stack.
    pub(super) fn value(&mut self) -> Result<&'a str, Unreadable> {
        self.peek();
        let (start, mut open) = (self.at, 0_usize);
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.checked_sub(1).ok_or(Unreadable)?,
                b',' | b':' if open > 0 => {
                    self.at += 1;
                    continue;
                }
                b'"' => {
                    self.string()?;
                    self.at -= 1;
                }
                _ => {
                    self.word()?;
                    self.at -= 1;
                }
            }
            self.at += 1;
            if open == 0 {
                return self.text.get(start..self.at).ok_or(Unreadable);
            }
        }
    }
}
