//! What one address may fail at within an hour, be it passwords or codes of second factors.

use super::{HOUR, Lockout, trying::address_key};
use crate::{
    Error, Origin, Result, counts,
    db::{Open, Tx},
};

impl Lockout {
    /// Notes in the transaction that records it that something was wrong which came from this address.
    pub async fn count_address(&self, tx: &mut Tx<Open>) -> Result<()> {
        let at = tx.at();
        if let Some(address) = address_key(tx.origin()) {
            counts::count_within(tx, &address, at, at.before(HOUR)).await?;
        }
        Ok(())
    }

    /// Takes back what was counted for the address before the password was looked at, which was right: the last thing before the
    /// transaction is recorded.
    pub async fn give_address_back(&self, tx: &mut Tx<Open>) -> Result<()> {
        match address_key(tx.origin()) {
            Some(address) => counts::give_back(tx, &address).await,
            None => Ok(()),
        }
    }

    /// Refuses where too much was wrong within the hour that came from this address. What is being checked right now is counted
    /// already, and may yet turn out right.
    pub async fn check_address(&self, origin: &Origin) -> Result<()> {
        let Some(address) = address_key(origin) else { return Ok(()) };
        let now = self.ground.clock.now();
        let under_way = self.addresses.under_way(&address);
        let counted = counts::find(&self.ground.db, &address).await?;
        match counted {
            Some(count)
                if count.first_at > now.before(HOUR)
                    && count.number().saturating_sub(under_way) >= self.failures_per_address =>
            {
                Err(Error::AddressBlocked { retry_after: count.first_at.after(HOUR).since(now) })
            }
            _ => Ok(()),
        }
    }

    /// What is said where nothing more may fail, with the time that is left of the hour.
    pub(super) async fn blocked(&self, origin: &Origin) -> Result<Error> {
        let now = self.ground.clock.now();
        let counted = match address_key(origin) {
            Some(address) => counts::find(&self.ground.db, &address).await?,
            None => None,
        };
        let since = counted.map_or(now, |count| count.first_at);
        Ok(Error::AddressBlocked { retry_after: since.after(HOUR).since(now) })
    }
}
