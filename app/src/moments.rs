//! Moments as people say them, with the exact time beside: in the time zone that the reader chose, or their browser's, or UTC.

use domain::{Timestamp, preferences::TimeZoneName};
use jiff::{Zoned, tz::TimeZone};
use leptos::prelude::use_context;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The time zone in which a page tells times; `draw` puts it into the page's context.
#[derive(Clone)]
pub struct Zone(TimeZone);

impl Zone {
    /// The one that was chosen, else the browser's, else UTC. One that is not known counts as none.
    pub fn of(chosen: Option<&TimeZoneName>, browser: Option<&str>) -> Self {
        let known = |name: &TimeZoneName| TimeZone::get(name.as_str()).ok();
        let of_browser = || browser.and_then(|name| TimeZoneName::parse(name).ok()).as_ref().and_then(known);
        Self(chosen.and_then(known).or_else(of_browser).unwrap_or(TimeZone::UTC))
    }

    /// Every name that may be chosen, as "Europe/Berlin", UTC first.
    pub fn names() -> Vec<String> {
        let known = jiff::tz::db().available().map(|name| name.to_string());
        let mut names: Vec<String> =
            known.filter(|name| name.contains('/') && !name.starts_with("Etc/")).collect();
        names.sort_unstable();
        names.insert(0, "UTC".to_owned());
        names
    }

    fn present() -> TimeZone {
        use_context::<Self>().map_or(TimeZone::UTC, |zone| zone.0)
    }
}

/// The time in machine form, for the `datetime` of a `<time>`.
pub fn exact(moment: Timestamp) -> String {
    at(moment, TimeZone::UTC).map(|time| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// The time in full, for whoever rests on it: "3 March 2026, 14:05 UTC".
pub fn in_full(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%-d %B %Y, %H:%M %Z").to_string()).unwrap_or_default()
}

/// The same of a moment as `exact` writes it; nothing of what is none.
pub fn written_in_full(exact: &str) -> Option<String> {
    let moment = exact.parse::<jiff::Timestamp>().ok()?;
    Some(in_full(Timestamp::from_microseconds(moment.as_microsecond())))
}

/// The day: "3 March 2026".
pub fn day(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%-d %B %Y").to_string()).unwrap_or_default()
}

/// The day as one says it: "Today", "Yesterday", "3 March 2026".
fn day_as_said(moment: Timestamp, now: Timestamp) -> String {
    match days_between(moment, now) {
        0 => "Today".into(),
        1 => "Yesterday".into(),
        _ => day(moment),
    }
}

/// Things in their order, those of one day together under the day as one says it.
pub fn by_day<T>(things: Vec<T>, at: impl Fn(&T) -> Timestamp, now: Timestamp) -> Vec<(String, Vec<T>)> {
    let mut days: Vec<(String, Vec<T>)> = Vec::new();
    for thing in things {
        let day = day_as_said(at(&thing), now);
        match days.last_mut() {
            Some((title, things)) if *title == day => things.push(thing),
            _ => days.push((day, vec![thing])),
        }
    }
    days
}

/// A day that was counted in UTC, for a chart: "3 March 2026".
pub fn counted_day(begins: Timestamp) -> String {
    at(begins, TimeZone::UTC).map(|time| time.strftime("%-d %B %Y").to_string()).unwrap_or_default()
}

/// The same as addresses and fields of forms write it: "2026-03-03".
pub fn written_day(begins: Timestamp) -> String {
    at(begins, TimeZone::UTC).map(|time| time.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

/// The same in short, for the foot of a chart: "3 Mar".
pub fn short_day(begins: Timestamp) -> String {
    at(begins, TimeZone::UTC).map(|time| time.strftime("%-d %b").to_string()).unwrap_or_default()
}

/// The time of day, with the day where that is not today: "14:05 UTC".
pub fn time(moment: Timestamp, now: Timestamp) -> String {
    if days_between(moment, now) != 0 {
        return in_full(moment);
    }
    civil(moment).map(|time| time.strftime("%H:%M %Z").to_string()).unwrap_or_default()
}

/// The time of day alone, under a heading that names the day: "14:05".
pub fn time_of_day(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%H:%M").to_string()).unwrap_or_default()
}

/// The time in full, to the second: "3 March 2026, 14:05:09 UTC".
pub fn to_the_second(moment: Timestamp) -> String {
    civil(moment).map(|time| time.strftime("%-d %B %Y, %H:%M:%S UTC").to_string()).unwrap_or_default()
}

/// How long ago, as one says it.
pub fn ago(moment: Timestamp, now: Timestamp) -> String {
    let seconds = now.seconds() - moment.seconds();
    // Whole days are counted as the calendar does, so that headings and moments say the same.
    let days = days_between(moment, now);
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

/// How many midnights of the reader's lie between the two.
fn days_between(moment: Timestamp, now: Timestamp) -> i64 {
    let days = |moment| civil(moment).map(|time| time.date());
    let between = days(moment).zip(days(now)).and_then(|(then, today)| today.since(then).ok());
    between.map_or(0, |span| i64::from(span.get_days()))
}

fn civil(moment: Timestamp) -> Option<Zoned> {
    at(moment, Zone::present())
}

fn at(moment: Timestamp, zone: TimeZone) -> Option<Zoned> {
    Some(jiff::Timestamp::from_microsecond(moment.microseconds()).ok()?.to_zoned(zone))
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

    #[test]
    fn u7_times_are_told_in_the_readers_zone() {
        let owner = leptos::prelude::Owner::new();
        owner.with(|| {
            leptos::prelude::provide_context(Zone::of(
                TimeZoneName::parse("Asia/Tokyo").ok().as_ref(),
                Some("Europe/Berlin"),
            ));
            // A quarter past eleven in the evening here, the next day there.
            let now = Timestamp::from_seconds(1_790_032_500);
            assert_eq!(in_full(now), "22 September 2026, 08:15 JST");
            assert_eq!(exact(now), "2026-09-21T23:15:00Z");
            assert_eq!(day_as_said(now.before(std::time::Duration::from_secs(9 * 3_600)), now), "Yesterday");
            assert_eq!(counted_day(now), "21 September 2026");
        });
    }

    #[test]
    fn u7_without_a_choice_the_browser_says_and_else_it_is_utc() {
        let zone = |chosen: Option<&str>, browser: Option<&str>| {
            let chosen = chosen.map(|name| TimeZoneName::parse(name).unwrap());
            Zone::of(chosen.as_ref(), browser).0.iana_name().map(str::to_owned)
        };
        assert_eq!(zone(Some("Asia/Tokyo"), Some("Europe/Berlin")).as_deref(), Some("Asia/Tokyo"));
        assert_eq!(zone(None, Some("Europe/Berlin")).as_deref(), Some("Europe/Berlin"));
        assert_eq!(zone(Some("Mars/Olympus"), None).as_deref(), Some("UTC"));
        assert_eq!(zone(None, Some("../../etc/passwd")).as_deref(), Some("UTC"));
    }

    #[test]
    fn u7_the_zones_to_choose_from_are_there() {
        let names = Zone::names();
        assert_eq!(names.first().map(String::as_str), Some("UTC"));
        assert!(names.len() > 300 && names.iter().all(|name| TimeZoneName::parse(name).is_ok()));
    }
}
