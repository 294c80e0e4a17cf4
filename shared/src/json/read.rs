//! Reading.

use std::borrow::Cow;
use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::value::RawValue;

/// How many lists and objects may stand in one another, as in `serde_json`.
const DEPTH: u8 = 127;

/// Reads a value that is the whole text.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let mut reader = Reader::new(text);
    let value = T::deserialize(&mut reader)?;
    if reader.peek().is_some() { Err(Unreadable) } else { Ok(value) }
}

/// A text that is not what was to be read. Why is not said: the words for it would be a large part of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unreadable")]
pub struct Unreadable;

// All that serde says is dropped at once, so that nothing of it is compiled.
impl de::Error for Unreadable {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }

    fn invalid_type(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_value(_: Unexpected<'_>, _: &dyn Expected) -> Self {
        Self
    }

    fn invalid_length(_: usize, _: &dyn Expected) -> Self {
        Self
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// Reads one value after the other from a text.
#[derive(Debug)]
pub struct Reader<'a> {
    text: &'a str,
    /// How far it is read, in bytes.
    at: usize,
    /// How many more lists and objects may begin in the open ones.
    depth: u8,
    /// Whether a key is read: numbers stand in quotes there.
    is_key: bool,
}

impl<'a> Reader<'a> {
    /// Reads from the beginning.
    pub const fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: DEPTH, is_key: false }
    }

    /// The next byte that is no space.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let space = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += space;
        rest.get(space).copied()
    }

    /// Passes this byte, if it is the next one.
    fn passes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn pass(&mut self, byte: u8) -> Result<(), Unreadable> {
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

    /// Whether a whole number is negative, and how far it is from zero.
    fn whole(&mut self) -> Result<(bool, u64), Unreadable> {
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

    fn truth(&mut self) -> Result<bool, Unreadable> {
        match self.word()? {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(Unreadable),
        }
    }

    fn null(&mut self) -> Result<(), Unreadable> {
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

    fn string(&mut self) -> Result<Cow<'a, str>, Unreadable> {
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

    fn hex(&mut self) -> Result<u32, Unreadable> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Unreadable)?;
        self.at += 4;
        let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or(Unreadable)
    }

    /// Passes a value, and gives it as it stands there. Of what stands in it only the ends are looked for.
    fn value(&mut self) -> Result<&'a str, Unreadable> {
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

    /// Begins a list or an object.
    fn begin(&mut self, byte: u8) -> Result<(), Unreadable> {
        self.pass(byte)?;
        self.depth = self.depth.checked_sub(1).ok_or(Unreadable)?;
        Ok(())
    }

    /// Ends it.
    fn end(&mut self, byte: u8) -> Result<(), Unreadable> {
        self.depth += 1;
        self.pass(byte)
    }

    fn number<'de, V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.whole()? {
            (false, number) => visitor.visit_u64(number),
            (true, number) => visitor.visit_i64(0_i64.checked_sub_unsigned(number).ok_or(Unreadable)?),
        }
    }

    fn text<V: Visitor<'a>>(&mut self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.string()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Unreadable;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.peek() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            _ => self.number(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_bool(self.truth()?)
    }

    fn deserialize_u8<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.number(visitor)
    }

    fn deserialize_u16<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.number(visitor)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.number(visitor)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.number(visitor)
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.number(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.text(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.text(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.text(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        // The names of fields are only compared.
        visitor.visit_str(&self.string()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        if self.peek() == Some(b'n') {
            self.null()?;
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.null()?;
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if name == Raw::NAME {
            visitor.visit_borrowed_str(self.value()?)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.begin(b'[')?;
        let value = visitor.visit_seq(Parts { reader: self, is_first: true })?;
        self.end(b']')?;
        Ok(value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.begin(b'{')?;
        let value = visitor.visit_map(Parts { reader: self, is_first: true })?;
        self.end(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        if self.peek() == Some(b'"') {
            return visitor.visit_enum(Choice { reader: self, is_alone: true });
        }
        self.begin(b'{')?;
        let value = visitor.visit_enum(Choice { reader: self, is_alone: false })?;
        self.end(b'}')?;
        Ok(value)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.value()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i8 i16 i32 f32 f64 bytes byte_buf unit_struct tuple_struct }
}

/// The parts of a list or an object.
struct Parts<'r, 'a> {
    reader: &'r mut Reader<'a>,
    is_first: bool,
}

impl Parts<'_, '_> {
    /// Whether there is one more.
    fn has_more(&mut self, end: u8) -> Result<bool, Unreadable> {
        if self.reader.peek() == Some(end) {
            return Ok(false);
        }
        if !std::mem::take(&mut self.is_first) {
            self.reader.pass(b',')?;
        }
        Ok(true)
    }
}

impl<'de> SeqAccess<'de> for Parts<'_, 'de> {
    type Error = Unreadable;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Unreadable> {
        if self.has_more(b']')? { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }
}

impl<'de> MapAccess<'de> for Parts<'_, 'de> {
    type Error = Unreadable;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Unreadable> {
        if !self.has_more(b'}')? {
            return Ok(None);
        }
        if self.reader.peek() != Some(b'"') {
            return Err(Unreadable);
        }
        self.reader.is_key = true;
        let key = seed.deserialize(&mut *self.reader)?;
        self.reader.is_key = false;
        self.reader.pass(b':')?;
        Ok(Some(key))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Unreadable> {
        seed.deserialize(&mut *self.reader)
    }
}

/// A variant: its name alone, or an object with its name before what it holds.
struct Choice<'r, 'a> {
    reader: &'r mut Reader<'a>,
    is_alone: bool,
}

impl Choice<'_, '_> {
    fn holds_something(&self) -> Result<(), Unreadable> {
        if self.is_alone { Err(Unreadable) } else { Ok(()) }
    }
}

impl<'de> EnumAccess<'de> for Choice<'_, 'de> {
    type Error = Unreadable;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Unreadable> {
        let name = seed.deserialize(&mut *self.reader)?;
        if !self.is_alone {
            self.reader.pass(b':')?;
        }
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Choice<'_, 'de> {
    type Error = Unreadable;

    fn unit_variant(self) -> Result<(), Unreadable> {
        if self.is_alone { Ok(()) } else { self.reader.null() }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Unreadable> {
        self.holds_something()?;
        seed.deserialize(self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unreadable> {
        self.holds_something()?;
        self.reader.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.holds_something()?;
        self.reader.deserialize_map(visitor)
    }
}

/// A value as it stands in the text, whichever reader it comes from.
pub(crate) struct Raw(pub(crate) Box<str>);

impl Raw {
    /// By this name a [`Reader`] is asked for it; another reader does not know it.
    const NAME: &'static str = "shared::json::Raw";
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_newtype_struct(Self::NAME, RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Raw, E> {
        Ok(Raw(text.into()))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Raw, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        Ok(Raw(Box::<str>::from(raw)))
    }
}
