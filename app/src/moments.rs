//! Moments as people say them, with the exact time beside.

use domain::Timestamp;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The time in machine form, for the `datetime` of a `<time>`.
pub fn exact(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// The time in full, for whoever rests on it: "3 March 2026, 14:05 UTC".
pub fn in_full(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%-d %B %Y, %H:%M UTC").to_string()).unwrap_or_default()
}

/// The day: "3 March 2026".
pub fn day(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%-d %B %Y").to_string()).unwrap_or_default()
}

/// The day as one says it: "Today", "Yesterday", "3 March 2026".
pub fn day_as_said(moment: Timestamp, now: Timestamp) -> String {
    match now.seconds().div_euclid(DAY) - moment.seconds().div_euclid(DAY) {
        0 => "Today".into(),
        1 => "Yesterday".into(),
        _ => day(moment),
    }
}

/// The day in short, for the foot of a chart: "3 Mar".
pub fn short_day(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%-d %b").to_string()).unwrap_or_default()
}

/// The time of day, with the day where that is not today: "14:05 UTC".
pub fn time(moment: Timestamp, now: Timestamp) -> String {
    if now.seconds().div_euclid(DAY) != moment.seconds().div_euclid(DAY) {
        return in_full(moment);
    }
    civil(moment).map(|time| time.strftime("%H:%M UTC").to_string()).unwrap_or_default()
}

/// How long ago, as one says it.
pub fn ago(moment: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds() - moment.seconds();
    // Whole days are counted as the calendar does, so that headings and moments say the same.
    let days = now.seconds().div_euclid(DAY) - moment.seconds().div_euclid(DAY);
    match seconds {
        ..0 => short_date(moment),
        0..45 => "just now".into(),
        45..90 => "a minute ago".into(),
        90..5_400 => format!("{} minutes ago", (seconds + MINUTE / 2) / MINUTE),
        5_400.. if seconds < 2 * HOUR => "2 hours ago".into(),
        5_400.. if seconds < DAY => format!("{} hours ago", (seconds + HOUR / 2) / HOUR),
        5_400..2_592_000 if days < 2 => "yesterday".into(),
        5_400..2_592_000 => format!("{days} days ago"),
        _ => short_date(moment),
    }
}

/// A date that fits into a column: "3 Mar 2026".
fn short_date(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%-d %b %Y").to_string()).unwrap_or_default()
}

fn civil(moment: Timestamp) -> Option<jiff::Zoned> {
    let moment = jiff::Timestamp::from_microsecond(moment.microseconds()).ok()?;
    Some(moment.to_zoned(jiff::tz::TimeZone::UTC))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_as_people_tell_it() {
        let now = Timestamp::from_seconds(1_790_000_000);
        let told = |seconds: u64| ago(now.before(std::time::Duration::from_secs(seconds)), now);
        assert_eq!(told(5), "just now");
        assert_eq!(told(60), "a minute ago");
        assert_eq!(told(14 * 60), "14 minutes ago");
        assert_eq!(told(7_200), "2 hours ago");
        assert_eq!(told(23 * 3600), "23 hours ago");
        assert_eq!(told(30 * 3600), "yesterday");
        assert_eq!(told(5 * 86_400), "5 days ago");
        // It is a quarter past two in the afternoon: yesterday began 38 hours and a quarter ago.
        assert_eq!(told(38 * 3600), "yesterday");
        assert_eq!(told(39 * 3600), "2 days ago");
        assert_eq!(told(40 * 86_400), short_date(now.before(std::time::Duration::from_secs(40 * 86_400))));
    }

    #[test]
    fn the_exact_time_stands_beside() {
        assert_eq!(exact(Timestamp::from_seconds(0)), "1970-01-01T00:00:00Z");
        assert_eq!(in_full(Timestamp::from_seconds(0)), "1 January 1970, 00:00 UTC");
    }

    #[test]
    fn the_day_is_named_unless_it_is_today() {
        let moment = Timestamp::from_seconds(43_380);
        assert_eq!(time(moment, Timestamp::from_seconds(86_399)), "12:03 UTC");
        assert_eq!(time(moment, Timestamp::from_seconds(86_400)), "1 January 1970, 12:03 UTC");
    }
}
