//! The proxies whose word on a client's address is believed: single addresses, and networks such as `10.0.0.0/8`.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use serde::{
    Deserializer, Serialize,
    de::{Error, SeqAccess, Visitor},
};
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

/// In IPv6 an address of IPv4 stands behind these 96 bits.
const MAPPED: Ipv6Addr = Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0);
const MAPPED_BITS: u8 = 96;

/// Where proxies are: one address, or all addresses of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(IpNet);

impl Network {
    /// Whether this address, in its shortest form, lies within.
    pub fn includes(&self, address: IpAddr) -> bool {
        self.0.contains(&address)
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        Self(address.to_canonical().into())
    }
}

impl FromStr for Network {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(address.into());
        }
        let network =
            text.parse::<IpNet>().map_err(|_| "is neither an address nor a network such as 10.0.0.0/8")?;
        match shortest(network.trunc()) {
            everyone if everyone.prefix_len() == 0 => Err("would believe everybody"),
            network => Ok(Self(network)),
        }
    }
}

/// A network of IPv4 that was written in IPv6, as one of IPv4: addresses of clients are compared in that form.
fn shortest(network: IpNet) -> IpNet {
    let IpNet::V6(wide) = network else { return network };
    let mapped = Ipv6Net::new(MAPPED, MAPPED_BITS).is_ok_and(|mapped| mapped.contains(&wide));
    let narrow = wide.addr().to_ipv4_mapped().filter(|_| mapped);
    let narrow = narrow.and_then(|address| Ipv4Net::new(address, wide.prefix_len() - MAPPED_BITS).ok());
    narrow.map_or(network, IpNet::V4)
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_one_address = self.0.prefix_len() == self.0.max_prefix_len();
        if is_one_address { self.0.addr().fmt(f) } else { self.0.fmt(f) }
    }
}

impl Serialize for Network {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Reads a list of texts, or one text with commas in it, as it is quickly written in the environment.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Network>, D::Error> {
    deserializer.deserialize_any(Networks)
}

struct Networks;

impl<'de> Visitor<'de> for Networks {
    type Value = Vec<Network>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("addresses and networks such as [\"10.0.0.1\", \"192.168.0.0/16\"]")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        parse_all(text.split([',', ' ']).filter(|part| !part.is_empty()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut texts: Vec<String> = Vec::new();
        while let Some(text) = sequence.next_element()? {
            texts.push(text);
        }
        parse_all(texts.iter().map(String::as_str))
    }
}

/// All of them, or a word on each that is wrong.
fn parse_all<'a, E: Error>(texts: impl Iterator<Item = &'a str>) -> Result<Vec<Network>, E> {
    let (mut networks, mut wrong) = (Vec::new(), Vec::new());
    for text in texts {
        match text.trim().parse() {
            Ok(network) => networks.push(network),
            Err(words) => wrong.push(format!("{text:?} {words}")),
        }
    }
    if wrong.is_empty() { Ok(networks) } else { Err(E::custom(wrong.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn includes(network: &str, address: &str) -> bool {
        let address: IpAddr = address.parse().unwrap();
        network.parse::<Network>().unwrap().includes(address.to_canonical())
    }

    #[test]
    fn a11_a_network_includes_its_own_addresses_alone() {
        for (network, inside, outside) in [
            ("10.0.0.1", "10.0.0.1", "10.0.0.2"),
            ("10.0.0.0/8", "10.255.3.4", "11.0.0.1"),
            ("10.1.2.3/8", "10.9.9.9", "9.9.9.9"),
            ("172.30.77.0/24", "::ffff:172.30.77.9", "172.30.78.9"),
            ("::ffff:192.168.0.0/112", "192.168.200.1", "192.169.0.1"),
            ("::1", "::1", "127.0.0.1"),
            ("fd00:77::/32", "fd00:77:1::9", "fd00:78::9"),
        ] {
            assert!(includes(network, inside), "{inside} lies in {network}");
            assert!(!includes(network, outside), "{outside} does not lie in {network}");
        }
    }

    #[test]
    fn a11_what_is_no_network_or_everybody_is_refused() {
        for wrong in [
            "",
            "proxy",
            "10.0.0.0/33",
            "10.0.0/8",
            "fd00::/129",
            "10.0.0.1/",
            "0.0.0.0/0",
            "::/0",
            "::ffff:0:0/96",
        ] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn a11_a_network_is_shown_as_one_writes_it() {
        for (written, shown) in [("10.0.0.1", "10.0.0.1"), ("10.1.2.3/8", "10.0.0.0/8"), ("::1/128", "::1")] {
            assert_eq!(written.parse::<Network>().unwrap().to_string(), shown);
        }
    }
}
