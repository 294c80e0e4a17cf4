//! How many there may be at once, in all and from each network.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Network;

/// All places.
pub struct Places {
    in_all: usize,
    per_network: usize,
    tell: fn(i8),
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    by_network: HashMap<Network, usize>,
}

/// One place, given back by being dropped.
pub struct Place {
    places: Arc<Places>,
    network: Network,
}

impl Places {
    /// So many places; `tell` hears of each that is taken or given back.
    pub fn new(in_all: usize, per_network: usize, tell: fn(i8)) -> Arc<Self> {
        Arc::new(Self { in_all, per_network, tell, taken: Mutex::default() })
    }

    /// A place for somebody from this network, if there is one.
    pub fn take(self: &Arc<Self>, network: Network) -> Option<Place> {
        let mut taken = self.taken.lock();
        let of_network = taken.by_network.get(&network).copied().unwrap_or(0);
        if taken.in_all >= self.in_all || of_network >= self.per_network {
            return None;
        }
        taken.in_all += 1;
        taken.by_network.insert(network, of_network + 1);
        (self.tell)(1);
        Some(Place { places: Arc::clone(self), network })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        (self.places.tell)(-1);
        let mut taken = self.places.taken.lock();
        taken.in_all -= 1;
        if let Some(count) = taken.by_network.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                taken.by_network.remove(&self.network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: [u8; 4]) -> Network {
        std::net::IpAddr::from(address).into()
    }

    #[test]
    fn places_are_bounded_in_all_and_for_each_network_and_come_back() {
        let places = Places::new(3, 2, |_| {});
        let (here, there) = (network([10, 0, 0, 1]), network([10, 0, 0, 2]));
        let (one, two) = (places.take(here), places.take(here));
        assert!(one.is_some() && two.is_some() && places.take(here).is_none());
        let three = places.take(there);
        assert!(three.is_some() && places.take(there).is_none());
        drop((one, three));
        assert!(places.take(here).is_some());
        drop(two);
        assert!(places.taken.lock().by_network.is_empty());
    }
}
