//! Maps and sets do what the trees of the standard library do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use proptest::prelude::*;

use super::{Map, Set};

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
