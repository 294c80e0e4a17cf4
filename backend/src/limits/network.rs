//! Where someone comes from, as far as that can be counted.

use std::net::{IpAddr, Ipv6Addr};

/// An IPv4 address, or the first half of an IPv6 address: whoever has one of those has all of its 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(IpAddr);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self(address.into()),
            IpAddr::V6(address) => {
                let prefix = address.to_bits() & (u128::MAX << 64);
                Self(Ipv6Addr::from_bits(prefix).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str, same: bool) {
        let network = |address: &str| Network::from(address.parse::<IpAddr>().unwrap());
        assert_eq!(network(one) == network(other), same, "{one} and {other}");
    }

    #[test]
    fn an_ipv6_address_counts_by_its_first_half_and_an_ipv4_address_as_a_whole() {
        check("2001:db8:1:2::1", "2001:db8:1:2:ffff::7", true);
        check("2001:db8:1:2::1", "2001:db8:1:3::1", false);
        check("10.0.0.1", "10.0.0.2", false);
        check("10.0.0.1", "::ffff:10.0.0.1", true);
        check("::1", "::2", true);
    }
}
