//! How many codes are sent: a text message costs money, and the number may be anybody's.

use super::{Occasion, SecondFactors, sent_code::Outgoing};
use crate::{
    Error, Result, counts,
    db::{Open, Tx},
};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

impl SecondFactors {
    /// Counts a code for the person, and for the address or number that is being set up. One that is set up is its owner's: for
    /// that the person's count is enough, and nobody else uses it up.
    pub(super) async fn bound(&self, tx: &mut Tx<Open>, outgoing: &Outgoing) -> Result<()> {
        let (method, at) = (outgoing.method.code(), tx.at());
        let place = (outgoing.occasion == Occasion::Enrolment)
            .then(|| self.vault.fingerprint(&["a code was sent to", method, outgoing.to.place()]));
        let whom = [Some(outgoing.person.to_string()), place];
        // One order for all: two who wait for each other would wait for ever.
        for (word, window, most) in
            [("hour", HOUR, self.limits.codes_per_hour), ("day", DAY, self.limits.codes_per_day)]
        {
            for whom in whom.iter().flatten() {
                let key = format!("{word}:{method}:{whom}");
                let count = counts::count_within(tx, &key, at, at.before(window)).await?;
                if count.number() > most {
                    return Err(Error::TooMany { retry_after: count.first_at.after(window).since(at) });
                }
            }
        }
        Ok(())
    }
}
