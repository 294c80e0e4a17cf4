//! What stands in a list, an object, or a variant.

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor};

use super::{Reader, Unreadable};

/// The parts of a list or an object.
pub(super) struct Parts<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) is_first: bool,
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
pub(super) struct Choice<'r, 'a> {
    pub(super) reader: &'r mut Reader<'a>,
    pub(super) is_alone: bool,
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
