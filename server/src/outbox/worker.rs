//! The worker that empties the outbox.

use super::{Job, Unsent, store};
use crate::{
    Origin, Result,
    alerts::Channel,
    db::Housekeeping,
    ground::Ground,
    links::Links,
    mail::{Mailer, Postmark},
    second_factor::Courier,
};
use std::time::Duration;
use tokio::task::JoinSet;

const LEASE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(500);
/// How many jobs are done side by side: a mail server that takes its time over one letter holds up no other.
const SIDE_BY_SIDE: usize = 4;
/// How long to wait after each failed try; a job that fails once more after these is a dead letter.
const WAITS: [u64; 7] = [10, 30, 120, 600, 3_600, 14_400, 43_200];

/// Does the jobs of the outbox.
#[derive(Debug, Clone)]
pub struct Worker {
    ground: Ground,
    mailer: Mailer,
    courier: Courier,
    channel: Channel,
    links: Links,
    keeps_secrets: bool,
}

impl Worker {
    /// `keeps_secrets` leaves links and codes in jobs that are over, which the mail box for development shows.
    pub const fn new(
        ground: Ground,
        mailer: Mailer,
        courier: Courier,
        channel: Channel,
        links: Links,
        keeps_secrets: bool,
    ) -> Self {
        Self { ground, mailer, courier, channel, links, keeps_secrets }
    }

    /// Works until told to stop, and ends when what is under way is done.
    pub async fn run(self, mut stop: tokio::sync::watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stop.borrow() {
            if under_way.len() < SIDE_BY_SIDE
                && let Some(job) = self.claim().await.unwrap_or_else(log)
            {
                let worker = self.clone();
                under_way.spawn(async move { worker.work_on(&job).await.unwrap_or_else(log) });
                continue;
            }
            if under_way.is_empty() {
                self.mailer.rest().await;
            }
            tokio::select! {
                Some(_) = under_way.join_next() => {}
                () = tokio::time::sleep(PAUSE) => {}
                _ = stop.changed() => {}
            }
        }
        while under_way.join_next().await.is_some() {}
        self.mailer.rest().await;
    }

    /// Claims one job that is due and does it; answers how many it tried.
    pub async fn work_once(&self) -> Result<usize> {
        match self.claim().await? {
            Some(job) => self.work_on(&job).await.map(|()| 1),
            None => Ok(0),
        }
    }

    /// One at a time, so that the lease, which is far longer than any job may take, covers it.
    async fn claim(&self) -> Result<Option<store::Claimed>> {
        // A look costs nothing; only where there is work is the one writer asked for.
        if !store::is_due(&self.ground.db, self.ground.clock.now()).await? {
            return Ok(None);
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let claimed = store::claim(&mut tx, LEASE).await?;
        tx.commit_housekeeping(Housekeeping::Job).await?;
        Ok(claimed)
    }

    async fn work_on(&self, claimed: &store::Claimed) -> Result<()> {
        // A job that this version cannot read may be one that a newer instance has written: it waits.
        let job = serde_json::from_str::<Job>(&claimed.payload.0)
            .map_err(|cause| Unsent::NotNow(format!("this version cannot read the job: {cause}")));
        let outcome = match &job {
            Ok(job) => self.carry_out(claimed, job).await,
            Err(unreadable) => Err(unreadable.clone()),
        };
        let job = job.ok();
        let kept = self.kept(claimed, job.as_ref());
        let mut tx = self.ground.begin(&Origin::program()).await?;
        match outcome {
            Ok(()) => store::done(&mut tx, claimed, &kept).await?,
            Err(unsent) => {
                let tries = usize::try_from(claimed.attempts).unwrap_or(usize::MAX);
                let wait = WAITS.get(tries.saturating_sub(1)).copied().map(Duration::from_secs);
                let next = wait.and_then(|wait| wait_for(&unsent, wait)).map(|wait| tx.at().after(wait));
                let cause = unsent.to_string();
                tracing::warn!(job = %claimed.id, tries, dead = next.is_none(), cause = for_the_log(job.as_ref(), &cause), "a job failed");
                match next {
                    Some(next) => store::put_off(&mut tx, claimed, &cause, next).await?,
                    None => store::lay_aside(&mut tx, claimed, &cause, &kept).await?,
                }
            }
        }
        tx.commit_housekeeping(Housekeeping::Job).await
    }

    async fn carry_out(&self, claimed: &store::Claimed, job: &Job) -> std::result::Result<(), Unsent> {
        let postmark = Postmark { job: claimed.id, at: claimed.created_at };
        match job {
            Job::Mail(letter) => {
                let age = self.ground.clock.now().since(claimed.created_at);
                if letter.lifetime().is_some_and(|lifetime| age >= lifetime) {
                    return Err(Unsent::Refused(
                        "its link or code expired before the letter could leave".into(),
                    ));
                }
                self.mailer.send(letter, postmark).await.map(|_| ())
            }
            Job::Code(message) => self.courier.deliver(message, postmark).await,
            Job::Errand(errand) => self.links.run(errand).await,
            Job::Alert { alert } => self.channel.post(alert, claimed.created_at).await,
        }
    }

    /// What stays of a job that is over. A link or a code must not be found in the database by whoever reads it later.
    fn kept(&self, claimed: &store::Claimed, job: Option<&Job>) -> String {
        let job = job.filter(|_| !self.keeps_secrets);
        job.and_then(|job| serde_json::to_string(&job.clone().without_secrets()).ok())
            .unwrap_or_else(|| claimed.payload.0.clone())
    }
}

/// Mail servers like to repeat the address that they refuse; logs do not hold it.
fn for_the_log(job: Option<&Job>, cause: &str) -> String {
    match job.and_then(Job::recipient).filter(|recipient| !recipient.is_empty()) {
        Some(recipient) => cause.replace(recipient, &store::mask(recipient)),
        None => cause.to_owned(),
    }
}

/// How long to wait before the next try, which would come after `wait` by itself; nothing where no try can help.
fn wait_for(unsent: &Unsent, wait: Duration) -> Option<Duration> {
    match unsent {
        Unsent::Refused(_) => None,
        Unsent::NotNow(_) => Some(wait),
        Unsent::NotBefore { wait: asked_for, .. } => Some(wait.max(*asked_for)),
    }
}

/// What comes in the place of an answer that could not be had.
fn log<T: Default>(error: crate::Error) -> T {
    error.log();
    T::default()
}
