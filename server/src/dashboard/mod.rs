//! The figures of the dashboards, each for the role it belongs to.

mod store;

pub use store::{Day, Figures};

use crate::{
    Result,
    audit::Entry,
    ground::Ground,
    permit::{People, Trail, Visible},
};
use std::time::Duration;

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
        store::figures(&self.ground.db, now, now.before(Duration::from_secs(7 * 86_400))).await
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
