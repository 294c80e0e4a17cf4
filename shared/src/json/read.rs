//! Reading: one pass over the text, and nothing kept of it but where one is.

mod error;
mod parts;
mod raw;
mod signs;

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

pub use error::Unreadable;
pub(crate) use raw::Raw;

use parts::{Choice, Parts};

/// How many lists and objects may stand in one another, as in `serde_json`: each takes a piece of the stack.
const DEPTH: u8 = 127;

/// Reads a value that is the whole text, but for spaces around it.
///
/// # Errors
///
/// The text is not JSON, is another value, has more behind it, or has more than 127 lists and objects in one another.
/// No text makes it panic.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Unreadable> {
    let mut reader = Reader::new(text);
    let value = T::deserialize(&mut reader)?;
    if reader.peek().is_some() { Err(Unreadable) } else { Ok(value) }
}

/// Reads one value after the other from a text. What is passed over is not read: a value for which nothing asks is looked
/// through for its end, however deep it is, and may be what JSON does not allow.
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
