//! A set that is a sorted list.

use serde::{Deserialize, Deserializer, Serialize};

/// Values in their order, each once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Set<T> {
    all: Vec<T>,
}

impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Set<T> {
    /// With nothing in it.
    pub const fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.all.clear();
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.all.iter()
    }

    /// Keeps only those for which this holds.
    pub fn retain(&mut self, keeps: impl FnMut(&T) -> bool) {
        self.all.retain(keeps);
    }
}

impl<T: Ord> Set<T> {
    /// Whether this is among them.
    pub fn contains(&self, value: &T) -> bool {
        self.all.binary_search(value).is_ok()
    }

    /// Puts a value in; false if it is there already.
    pub fn insert(&mut self, value: T) -> bool {
        match self.all.binary_search(&value) {
            Ok(_) => false,
            Err(at) => {
                self.all.insert(at, value);
                true
            }
        }
    }

    /// Takes out those from this one on.
    #[must_use]
    pub fn split_off(&mut self, value: &T) -> Self {
        let at = self.all.binary_search(value).unwrap_or_else(|at| at);
        Self { all: self.all.split_off(at) }
    }

    /// Takes a value out; false if it is not there.
    pub fn remove(&mut self, value: &T) -> bool {
        let found = self.all.binary_search(value);
        found.map(|at| self.all.remove(at)).is_ok()
    }
}

impl<'de, T: Ord + Deserialize<'de>> Deserialize<'de> for Set<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::deserialize(from)?.into_iter().collect())
    }
}

impl<T: Ord> Extend<T> for Set<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, more: I) {
        for value in more {
            self.insert(value);
        }
    }
}

impl<T: Ord> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(all: I) -> Self {
        let mut set = Self::new();
        set.extend(all);
        set
    }
}

impl<T> IntoIterator for Set<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Set<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.iter()
    }
}
