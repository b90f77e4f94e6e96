//! Devices that somebody signed in from before, so that a sign-in from another can be told to them. A device is known by the
//! mark that its browser keeps, or by being the same kind of browser in the same network.

use super::{Change, ChangeKind, Identity, store};
use crate::{
    Origin, Result,
    db::{Open, Tx},
    events::Event,
};
use data_encoding::HEXLOWER;
use domain::{PersonId, device::Device};
use sha2::{Digest, Sha256};
use std::{net::IpAddr, time::Duration};

/// A device that was not used for so long counts as new again.
const KNOWN_FOR: Duration = Duration::from_secs(180 * 86_400);
/// So many fingerprints are kept for a person; each device has two.
pub(super) const MOST: i64 = 60;

impl Identity {
    /// Remembers from where somebody signs in. Answers what to record where that was never seen, unless it is the very first
    /// sign-in of the account: then there is nothing to compare it with.
    pub(super) async fn note_device(&self, tx: &mut Tx<Open>, person: PersonId) -> Result<Option<Event>> {
        let (at, origin) = (tx.at(), tx.origin().clone());
        let has_history = store::known_devices::any(tx, person).await?;
        let mut is_known = false;
        for fingerprint in fingerprints(person, &origin) {
            is_known |= store::known_devices::seen(tx, person, &fingerprint, at.before(KNOWN_FOR)).await?;
        }
        store::known_devices::keep_newest(tx, person, MOST).await?;
        if is_known || !has_history {
            return Ok(None);
        }
        let owner = store::owner(tx, person).await?;
        let device = Device::read(origin.user_agent.as_deref().unwrap_or_default()).name;
        Ok(Some(Event::Account(Change { person, kind: ChangeKind::NewDevice { device, owner, at } })))
    }
}

fn fingerprints(person: PersonId, origin: &Origin) -> impl Iterator<Item = String> {
    let device = Device::read(origin.user_agent.as_deref().unwrap_or_default()).name;
    let place = format!("{person} {device} {}", network(origin.ip.as_deref()));
    let mark = origin.device.as_ref().map(|mark| format!("{person} mark {mark}"));
    mark.into_iter().chain([place]).map(|text| HEXLOWER.encode(&Sha256::digest(text)))
}

/// The network of an address: at home and at work it stays, while the last part may change from day to day.
fn network(ip: Option<&str>) -> String {
    match ip.and_then(|ip| ip.parse().ok()) {
        Some(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}")
        }
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
        None => "nowhere".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a13_addresses_of_one_network_are_one_place() {
        assert_eq!(network(Some("203.0.113.9")), network(Some("203.0.113.200")));
        assert_ne!(network(Some("203.0.113.9")), network(Some("203.0.114.9")));
        assert_eq!(network(Some("2001:db8:1:2::3")), network(Some("2001:db8:1:ffff::4")));
        assert_ne!(network(Some("2001:db8:1::")), network(Some("2001:db8:2::")));
        assert_eq!(network(None), network(Some("nonsense")));
    }
}
