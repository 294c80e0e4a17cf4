//! What stands in a list, an object, or a variant.

use serde::ser::{self, Serialize};

use super::{Unwritable, Writer};

/// The parts of a list or an object.
pub(super) struct Parts<'w> {
    pub(super) writer: &'w mut Writer,
    pub(super) is_first: bool,
    /// What closes it.
    pub(super) end: &'static str,
}

impl Parts<'_> {
    fn next(&mut self) {
        if !std::mem::take(&mut self.is_first) {
            self.writer.text.push(',');
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        self.next();
        value.serialize(&mut *self.writer)
    }

    fn name(&mut self, name: &'static str) {
        self.next();
        self.writer.string(name);
        self.writer.text.push(':');
    }

    fn close(self) {
        self.writer.text.push_str(self.end);
    }
}

/// What has elements, each written in the same way.
macro_rules! with_elements {
    ($($kind:ident, $next:ident;)*) => {$(
        impl ser::$kind for Parts<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $next<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
                self.element(value)
            }

            fn end(self) -> Result<(), Unwritable> {
                self.close();
                Ok(())
            }
        }
    )*};
}

with_elements! {
    SerializeSeq, serialize_element;
    SerializeTuple, serialize_element;
    SerializeTupleStruct, serialize_field;
    SerializeTupleVariant, serialize_field;
}

/// What has fields with names.
macro_rules! with_fields {
    ($($kind:ident)*) => {$(
        impl ser::$kind for Parts<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Unwritable> {
                self.name(name);
                value.serialize(&mut *self.writer)
            }

            fn end(self) -> Result<(), Unwritable> {
                self.close();
                Ok(())
            }
        }
    )*};
}

with_fields! { SerializeStruct SerializeStructVariant }

impl ser::SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        self.next();
        let start = self.writer.text.len();
        key.serialize(&mut *self.writer)?;
        // A number stands in quotes here.
        if !self.writer.text[start..].starts_with('"') {
            self.writer.text.insert(start, '"');
            self.writer.text.push('"');
        }
        self.writer.text.push(':');
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), Unwritable> {
        self.close();
        Ok(())
    }
}
