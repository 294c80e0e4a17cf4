//! Values that are kept as the text they stand in.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde_json::value::RawValue;

/// A value as it stands in the text, whichever reader it comes from: this crate's, or `serde_json`'s.
pub(crate) struct Raw(pub(crate) Box<str>);

impl Raw {
    /// By this name a [`Reader`] is asked for it; another reader does not know it.
    pub(super) const NAME: &'static str = "shared::json::Raw";
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
