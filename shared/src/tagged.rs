//! Reading enums whose variant is named by a field of the object that it stands in, in any place of it.
//!
//! Serde's own way reads such an object into a buffer first and the variant from there, so that each type in it is
//! compiled twice: from JSON and from the buffer. Here the text is read twice instead, which makes the client much
//! smaller.

use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, IgnoredAny, IntoDeserializer, MapAccess, VariantAccess,
    Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};
use std::fmt;

use crate::json::Raw;
use source::{Error, reader};

/// In a browser our own reader, for the sake of the client's size.
#[cfg(target_arch = "wasm32")]
mod source {
    pub(super) use crate::json::{Reader as Source, Unreadable as Error};

    pub(super) fn reader(text: &str) -> Source<'_> {
        Source::new(text)
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod source {
    use serde_json::Deserializer;
    pub(super) use serde_json::Error;
    use serde_json::de::StrRead;

    pub(super) fn reader(text: &str) -> Deserializer<StrRead<'_>> {
        Deserializer::from_str(text)
    }
}

/// Reads a value that was kept as a text.
pub(crate) fn value<T: de::DeserializeOwned>(text: &str) -> Result<T, Error> {
    T::deserialize(&mut reader(text))
}

/// Writes an enum that is read so. Serde writes it, and is told the name of the field.
macro_rules! tagged {
    ($tag:literal, $(#[$meta:meta])* $vis:vis enum $name:ident { $($body:tt)* }) => {
        $(#[$meta])*
        #[derive(serde::Serialize)]
        #[serde(tag = $tag, rename_all = "snake_case")]
        $vis enum $name { $($body)* }

        const _: () = {
            type Read = $name;

            /// The same once more, for serde to read as if the variant stood around the object.
            #[derive(serde::Deserialize)]
            #[serde(remote = "Read", rename_all = "snake_case")]
            #[allow(dead_code, reason = "serde makes the original of it")]
            enum Shadow { $($body)* }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                    $crate::tagged::read(from, $tag, |object| Shadow::deserialize(object))
                }
            }
        };
    };
}
pub(crate) use tagged;

/// Reads an enum by the field that names its variant.
pub(crate) fn read<'de, D: Deserializer<'de>, T>(
    from: D,
    tag: &'static str,
    variant: fn(Object<'_>) -> Result<T, Error>,
) -> Result<T, D::Error> {
    let Raw(text) = Raw::deserialize(from)?;
    let read = || variant(Object { text: &text, name: &named(&text, tag)? });
    read().map_err(de::Error::custom)
}

/// What the field `tag` of an object says.
fn named(text: &str, tag: &'static str) -> Result<String, Error> {
    reader(text).deserialize_map(Named(tag))
}

struct Named(&'static str);

impl<'de> Visitor<'de> for Named {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`", self.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key != self.0 {
                map.next_value::<IgnoredAny>()?;
            } else if found.replace(map.next_value()?).is_some() {
                return Err(de::Error::duplicate_field(self.0));
            }
        }
        found.ok_or_else(|| de::Error::missing_field(self.0))
    }
}

/// An object and the name of the variant that it is.
pub(crate) struct Object<'a> {
    text: &'a str,
    name: &'a str,
}

impl<'de> Deserializer<'de> for Object<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_enum(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Object<'de> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        let name: StrDeserializer<'_, Error> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Object<'de> {
    type Error = Error;

    /// A variant without fields may have some of a newer version.
    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(&mut reader(self.text))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Error> {
        Err(de::Error::custom("an object is no tuple"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        reader(self.text).deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests {
    tagged! { "t",
    #[derive(Debug, PartialEq)]
    enum Said {
        Hello { to: u8, #[serde(default)] twice: bool },
        Bye,
        #[serde(other)]
        Unknown,
    }
    }

    fn read(json: &str) -> Option<Said> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn the_field_may_stand_anywhere_and_others_may_be_newer() {
        let hello = Said::Hello { to: 7, twice: false };
        assert_eq!(serde_json::to_string(&hello).unwrap(), r#"{"t":"hello","to":7,"twice":false}"#);
        assert_eq!(read(r#"{"t":"hello","to":7}"#), Some(hello));
        assert_eq!(
            read(r#"{"to":7,"new":{"t":"bye"},"twice":true,"t":"hello"}"#),
            Some(Said::Hello { to: 7, twice: true })
        );
        assert_eq!(read(r#"{"t":"bye","why":[1]}"#), Some(Said::Bye));
        assert_eq!(read(r#"{"t":"juggle","balls":3}"#), Some(Said::Unknown));
    }

    #[test]
    fn it_is_refused_without_the_field_with_two_of_it_and_with_what_does_not_fit() {
        for wrong in [
            r#"{"to":7}"#,
            r#"{"t":"bye","t":"bye"}"#,
            r#"{"t":"hello"}"#,
            r#"{"t":"hello","to":700}"#,
            r#"{"t":5}"#,
            r#"["bye"]"#,
            r#""bye""#,
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
