//! The ways somebody has of confirming, as a page offers them: where a code would go, and whether one is on its way.

use super::{COOL_DOWN, Claimant, Occasion, SecondFactors, Sent, message, store};
use crate::{Result, vault::Purpose};
use domain::second_factor::Method;

/// One way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    pub method: Method,
    /// Enough of the address or number that codes go to for its owner to know where to look.
    pub to: Option<String>,
    /// The code that is on its way.
    pub sent: Option<Sent>,
}

impl SecondFactors {
    /// The ways that this person can use right now, the one to ask for first at the top.
    pub async fn ways_of(&self, claimant: Claimant) -> Result<Vec<Way>> {
        let mut ways = Vec::new();
        for method in self.methods_of(claimant).await? {
            ways.push(self.way(claimant, method).await?);
        }
        Ok(ways)
    }

    async fn way(&self, claimant: Claimant, method: Method) -> Result<Way> {
        let (db, person) = (&self.ground.db, claimant.person());
        let to = match method {
            Method::Passkey | Method::Totp | Method::Recovery => {
                return Ok(Way { method, to: None, sent: None });
            }
            Method::Email => message::mask_address(store::email(db, person).await?.as_str()),
            Method::Sms => {
                let factors = store::code_factors(db, person).await?;
                let number = factors.into_iter().find(|factor| factor.method == method);
                match number.and_then(|factor| factor.target) {
                    Some(sealed) => self.open_phone_number(Purpose::PhoneNumber, person, &sealed)?.masked(),
                    None => String::new(),
                }
            }
        };
        let now = self.ground.clock.now();
        let on_its_way = store::code_on_its_way(db, person, method, Occasion::SignIn, now).await?;
        let sent = on_its_way.map(|(sent_at, good_until)| Sent {
            to: to.clone(),
            good_until,
            again_from: sent_at.after(COOL_DOWN),
        });
        Ok(Way { method, to: Some(to), sent })
    }
}
