//! The figures of the dashboards, each for the role it belongs to.

mod store;

pub use store::{Day, Figures};

use crate::{
    Result,
    audit::Entry,
    ground::Ground,
    permit::{People, Trail, Visible},
};
use domain::Timestamp;

const DAY: i64 = 86_400;

/// Where the last seven days begin: at midnight (UTC), as the list of people counts days.
pub const fn week_begins(now: Timestamp) -> Timestamp {
    Timestamp::from_seconds((now.seconds().div_euclid(DAY) - 6) * DAY)
}

/// The service for dashboards.
#[derive(Debug, Clone)]
pub struct Dashboards {
    ground: Ground,
}

impl Dashboards {
    pub const fn new(ground: Ground) -> Self {
        Self { ground }
    }

    /// What a User Admin looks at in the morning.
    pub async fn of_user_admin(&self, _visible: &Visible<People>) -> Result<Figures> {
        let now = self.ground.clock.now();
        store::figures(&self.ground.db, now, week_begins(now)).await
    }

    /// Sign-ins of each of the last thirty days, the oldest first.
    pub async fn sign_ins_by_day(&self, _visible: &Visible<People>) -> Result<Vec<Day>> {
        store::sign_ins_by_day(&self.ground.db, self.ground.clock.now()).await
    }

    /// The newest entries of the trail.
    pub async fn recent(&self, _visible: &Visible<Trail>) -> Result<Vec<Entry>> {
        store::recent(&self.ground.db, 8).await
    }
}
