//! Moments as the API writes them: RFC 3339, in UTC.

use domain::Timestamp;

pub fn iso(moment: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(moment.microseconds())
        .map(|moment| moment.to_string())
        .unwrap_or_default()
}
