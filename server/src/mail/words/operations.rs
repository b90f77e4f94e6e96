//! Letters to whoever is on duty for the installation.

use super::{Words, values::moment};
use crate::alerts::Alert;
use domain::Timestamp;

pub(super) fn alert(alert: &Alert, at: Timestamp) -> Words {
    Words::new(
        &format!("Alert: {}", alert.headline()),
        "",
        "You get this letter because this address is set as alerts.mail_to of this installation.",
    )
    .say(alert.sentences())
    .tell([("When", moment(at))])
}
