//! This installation as authenticators know it: the host of `public_url` and that address alone. What a request says of its
//! host counts for nothing, and a passkey made here answers no other address.

use super::LASTS;
use std::{fmt, sync::Arc};
use url::Url;
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// Asks browsers and checks what they answer.
#[derive(Clone)]
pub struct RelyingParty(Arc<Webauthn>);

impl RelyingParty {
    /// Nothing where browsers would refuse: they use passkeys at names, by https or on the machine itself.
    pub fn at(public_url: &str) -> Option<Self> {
        let address = Url::parse(public_url).ok()?;
        let host = address.domain()?;
        let is_this_machine = host == "localhost" || host.ends_with(".localhost");
        if address.scheme() != "https" && !is_this_machine {
            return None;
        }
        let origin = Url::parse(&address.origin().ascii_serialization()).ok()?;
        let party = WebauthnBuilder::new(host, &origin)
            .and_then(|builder| builder.rp_name("Countersign").timeout(LASTS).build());
        match party {
            Ok(party) => Some(Self(Arc::new(party))),
            Err(cause) => {
                tracing::warn!(%cause, "passkeys are off: public_url is no address for them");
                None
            }
        }
    }

    pub(super) fn library(&self) -> &Webauthn {
        &self.0
    }
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelyingParty({:?})", self.0.get_allowed_origins())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a5_passkeys_belong_to_the_public_address_alone() {
        for (public_url, origin) in [
            ("https://desk.example.com", "https://desk.example.com/"),
            ("https://desk.example.com:8443/", "https://desk.example.com:8443/"),
            ("http://localhost:3000", "http://localhost:3000/"),
        ] {
            let party = RelyingParty::at(public_url).unwrap();
            let origins: Vec<&str> = party.0.get_allowed_origins().iter().map(Url::as_str).collect();
            assert_eq!(origins, [origin]);
        }
        for without in
            ["http://desk.example.com", "http://127.0.0.1:3000", "https://[::1]", "https://192.0.2.7", "desk"]
        {
            assert!(RelyingParty::at(without).is_none(), "{without}");
        }
    }
}
