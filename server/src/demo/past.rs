//! What the people of the demo did before it began: sign-ins that were never made, so that dashboards and histories have
//! something to show. Each is an entry of the trail, marked as invented, and the counts are taken from these entries.

use super::{Newcomer, store::PastRow};
use crate::ground::Ground;
use domain::{PersonId, Timestamp, person::PersonStatus};
use std::time::Duration;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const DAYS: i64 = 30;

/// Something that a person of the demo did.
pub(super) struct Moment {
    person: PersonId,
    role: &'static str,
    at: Timestamp,
    succeeded: bool,
}

impl Moment {
    pub(super) fn row(&self, ground: &Ground) -> PastRow {
        PastRow::new(ground, self.person, self.role, self.at, self.succeeded)
    }
}

/// A month in which the people one can sign in as came and went: fewer at weekends, and now and then a wrong password.
pub(super) fn of_members(now: Timestamp, members: &[(PersonId, &'static str)]) -> Vec<Moment> {
    let today = now.seconds().div_euclid(DAY);
    let mut moments = Vec::new();
    for day in 1..DAYS {
        let is_weekend = (today - day + 4).rem_euclid(7) >= 5;
        let visits = if is_weekend { 2 + day % 2 } else { 7 + (day * 5) % 6 };
        for visit in 0..visits {
            let turn = usize::try_from(day + visit).unwrap_or(0) % members.len().max(1);
            let Some((person, role)) = members.get(turn).copied() else { continue };
            let at = (today - day) * DAY + (7 + visit) * HOUR + (day * 619 + visit * 331) % HOUR;
            let succeeded = (day * 3 + visit) % 17 != 0;
            moments.push(Moment { person, role, at: Timestamp::from_seconds(at), succeeded });
        }
    }
    moments
}

/// The sign-ins of an invented colleague since they joined; some never came, and the invited have not come yet.
pub(super) fn of_newcomer(now: Timestamp, newcomer: &Newcomer) -> Vec<Moment> {
    let Newcomer { id, number, status, role, created_at, .. } = newcomer;
    if number % 7 == 0 || *status == PersonStatus::Invited {
        return Vec::new();
    }
    let hours_there = now.since(*created_at).as_secs() / 3_600;
    let newest = ((number % 7) * 24 + number % 19).min(hours_there);
    let pause = 20 + number % 61;
    let hours_ago =
        (0..1 + number % 12).map(|visit| newest + visit * pause).take_while(|ago| *ago <= hours_there);
    let at = |ago: u64| now.before(Duration::from_secs(ago * 3_600 + (number * 131 + ago * 17) % 3_000));
    hours_ago
        .map(at)
        .filter(|at| at > created_at)
        .map(|at| Moment { person: *id, role, at, succeeded: true })
        .collect()
}
