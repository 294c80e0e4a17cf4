//! Maps and sets that are sorted lists. A client holds some thousand entries at most and adds most of them at the end; the
//! trees of the standard library would be an eighth of what it loads.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::mem;
use std::ops::{Bound, RangeBounds};

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Values by their keys, in the order of the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Map<K, V> {
    all: Vec<(K, V)>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, V> Map<K, V> {
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

    /// All keys with their values.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> + ExactSizeIterator + Clone {
        self.all.iter().map(|(key, value)| (key, value))
    }

    /// All keys with their values, to change these.
    pub fn iter_mut(&mut self) -> impl DoubleEndedIterator<Item = (&K, &mut V)> + ExactSizeIterator {
        self.all.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// All keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.all.iter().map(|(key, _)| key)
    }

    /// All values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.all.iter().map(|(_, value)| value)
    }

    /// The same, to change them.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.all.iter_mut().map(|(_, value)| value)
    }

    /// Keeps only those for which this holds.
    pub fn retain(&mut self, mut keeps: impl FnMut(&K, &mut V) -> bool) {
        self.all.retain_mut(|(key, value)| keeps(key, value));
    }
}

impl<K: Ord, V> Map<K, V> {
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        match self.all.last() {
            // What comes is mostly newer than all that is there.
            Some((last, _)) if last.borrow() < key => Err(self.all.len()),
            _ => self.all.binary_search_by(|(known, _)| known.borrow().cmp(key)),
        }
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.all.get(at).map(|(_, value)| value)
    }

    /// The same, to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        self.all.get_mut(at).map(|(_, value)| value)
    }

    /// Whether there is this key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.find(key).is_ok()
    }

    /// Puts a value in; the one that it takes the place of is given back.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.find(&key) {
            Ok(at) => Some(mem::replace(&mut self.all[at].1, value)),
            Err(at) => {
                self.all.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes a value out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.find(key).ok()?;
        Some(self.all.remove(at).1)
    }

    /// The value of a key, which is made if it is not there.
    pub fn get_or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let at = match self.find(&key) {
            Ok(at) => at,
            Err(at) => {
                self.all.insert(at, (key, make()));
                at
            }
        };
        &mut self.all[at].1
    }

    /// Those whose keys are within these bounds; none if the bounds are crossed.
    pub fn range(&self, bounds: impl RangeBounds<K>) -> impl DoubleEndedIterator<Item = (&K, &V)> + Clone {
        let place = |key: &K| self.find(key).unwrap_or_else(|at| at);
        let behind = |key: &K| self.find(key).map_or_else(|at| at, |at| at + 1);
        let start = match bounds.start_bound() {
            Bound::Included(key) => place(key),
            Bound::Excluded(key) => behind(key),
            Bound::Unbounded => 0,
        };
        let end = match bounds.end_bound() {
            Bound::Included(key) => behind(key),
            Bound::Excluded(key) => place(key),
            Bound::Unbounded => self.all.len(),
        };
        self.all.get(start..end).unwrap_or_default().iter().map(|(key, value)| (key, value))
    }

    /// Takes out those from this key on.
    pub fn split_off(&mut self, key: &K) -> Self {
        let at = self.find(key).unwrap_or_else(|at| at);
        Self { all: self.all.split_off(at) }
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, more: I) {
        for (key, value) in more {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(all: I) -> Self {
        let mut map = Self::new();
        map.extend(all);
        map
    }
}

impl<K, V> IntoIterator for Map<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.all.into_iter()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter())
    }
}

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Map<K, V> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(MapVisitor(PhantomData))
    }
}

struct MapVisitor<K, V>(PhantomData<(K, V)>);

impl<'de, K: Ord + Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for MapVisitor<K, V> {
    type Value = Map<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Map<K, V>, A::Error> {
        let mut map = Map::new();
        while let Some((key, value)) = from.next_entry()? {
            map.insert(key, value);
        }
        Ok(map)
    }
}

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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_map_is_what_a_tree_is(
            deeds in prop::collection::vec((0_u8..4, 0_u8..20, any::<u8>()), 0..60), from in 0_u8..20, to in 0_u8..20
        ) {
            let (mut map, mut tree) = (Map::new(), BTreeMap::new());
            for (deed, key, value) in deeds {
                match deed {
                    0 => prop_assert_eq!(map.remove(&key), tree.remove(&key)),
                    1 => prop_assert_eq!(map.get_or_insert_with(key, || value), tree.entry(key).or_insert(value)),
                    _ => prop_assert_eq!(map.insert(key, value), tree.insert(key, value)),
                }
            }
            prop_assert!(map.iter().eq(tree.iter()));
            prop_assert_eq!(map.get(&from), tree.get(&from));
            prop_assert_eq!(serde_json::to_string(&map).unwrap(), serde_json::to_string(&tree).unwrap());
            if from < to {
                prop_assert!(map.range(from..to).eq(tree.range(from..to)));
                prop_assert!(map.range(from..=to).rev().eq(tree.range(from..=to).rev()));
                let between = (Bound::Excluded(from), Bound::Unbounded);
                prop_assert!(map.range(between).eq(tree.range(between)));
            } else {
                prop_assert_eq!(map.range(from..to).count(), 0);
            }
            prop_assert!(map.split_off(&from).into_iter().eq(tree.split_off(&from)));
            prop_assert!(map.into_iter().eq(tree));
        }

        #[test]
        fn a_set_is_what_a_tree_is(deeds in prop::collection::vec((any::<bool>(), 0_u8..20), 0..60)) {
            let (mut set, mut tree) = (Set::new(), BTreeSet::new());
            for (is_in, value) in deeds {
                if is_in {
                    prop_assert_eq!(set.insert(value), tree.insert(value));
                } else {
                    prop_assert_eq!(set.remove(&value), tree.remove(&value));
                }
            }
            prop_assert!(set.iter().eq(tree.iter()));
        }
    }
}
