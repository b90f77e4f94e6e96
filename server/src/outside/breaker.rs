//! The breaker: a service that fails again and again is left in peace for a while; then one call tries it, and its outcome
//! decides for all.

use crate::clock::Clock;
use domain::Timestamp;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// So many failures in a row open the breaker.
const FAILURES: u32 = 5;
/// How long a failing service is left in peace, unless it asks for longer.
const REST: Duration = Duration::from_secs(30);
/// When to come back while somebody else tries the service.
const DURING_A_TRIAL: Duration = Duration::from_secs(1);

/// Stands before one service and counts how its calls end.
#[derive(Debug, Clone)]
pub struct Breaker(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    service: &'static str,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// Until when nobody asks. Stays set while one call tries, until that has an answer.
    rests_until: Option<Timestamp>,
    is_tried: bool,
}

/// The service is left in peace for so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{service} failed several times and is left in peace for {} s", wait.as_secs())]
pub struct Resting {
    pub service: &'static str,
    pub wait: Duration,
}

/// A call that was let through. Dropped without an outcome, because its caller went away, it says nothing of the service:
/// else whoever hangs up often enough would keep everybody from it. A service that never answers fails by its time-out.
#[derive(Debug)]
pub struct Call<'a> {
    breaker: &'a Breaker,
    is_settled: bool,
}

impl Breaker {
    pub fn before(service: &'static str, clock: Clock) -> Self {
        Self(Arc::new(Inner { service, clock, state: Mutex::default() }))
    }

    /// Lets a call through, or says for how long the service is left in peace.
    pub fn enter(&self) -> Result<Call<'_>, Resting> {
        let mut state = self.state();
        if let Some(until) = state.rests_until {
            let wait = until.since(self.0.clock.now());
            let wait = if wait.is_zero() && state.is_tried { DURING_A_TRIAL } else { wait };
            if !wait.is_zero() {
                return Err(Resting { service: self.0.service, wait });
            }
            state.is_tried = true;
        }
        Ok(Call { breaker: self, is_settled: false })
    }

    /// Whether the service is left in peace at the moment.
    pub fn is_open(&self) -> bool {
        self.state().rests_until.is_some()
    }

    fn note_answer(&self) {
        let mut state = self.state();
        if state.rests_until.is_some() {
            tracing::info!(service = self.0.service, "a service outside answers again");
        }
        *state = State::default();
    }

    fn note_failure(&self, asked_for: Option<Duration>) {
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        state.is_tried = false;
        if state.failures >= FAILURES || state.rests_until.is_some() || asked_for.is_some() {
            let rest = asked_for.unwrap_or_default().max(REST);
            state.rests_until = Some(self.0.clock.now().after(rest));
            tracing::warn!(
                service = self.0.service,
                failures = state.failures,
                seconds = rest.as_secs(),
                "a service outside fails and is left in peace"
            );
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever died while counting left numbers that are still good.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Call<'_> {
    /// The service answered, whatever it said.
    pub fn answered(mut self) {
        self.is_settled = true;
        self.breaker.note_answer();
    }

    /// The service did not answer as it should; it may have asked to be left in peace for a while.
    pub fn failed(mut self, asked_for: Option<Duration>) {
        self.is_settled = true;
        self.breaker.note_failure(asked_for);
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.is_settled {
            self.breaker.state().is_tried = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaker() -> (Breaker, Clock) {
        let clock = Clock::stopped_at(Timestamp::from_seconds(1_000));
        (Breaker::before("the test", clock.clone()), clock)
    }

    fn fail(breaker: &Breaker, times: u32) {
        (0..times).for_each(|_| breaker.enter().unwrap().failed(None));
    }

    fn wait(breaker: &Breaker) -> Duration {
        breaker.enter().unwrap_err().wait
    }

    #[test]
    fn o3_five_failures_in_a_row_open_the_breaker_and_four_do_not() {
        let (breaker, _) = breaker();
        fail(&breaker, 4);
        breaker.enter().unwrap().answered();
        fail(&breaker, 4);
        assert!(!breaker.is_open(), "failures were counted across an answer");
        fail(&breaker, 1);
        assert_eq!(wait(&breaker), REST);
    }

    #[test]
    fn o3_after_its_rest_one_call_tries_the_service_and_decides() {
        let (breaker, clock) = breaker();
        fail(&breaker, 5);
        clock.advance(REST - Duration::from_millis(1));
        assert_eq!(wait(&breaker), Duration::from_millis(1));
        clock.advance(Duration::from_millis(1));
        let trial = breaker.enter().unwrap();
        assert_eq!(wait(&breaker), DURING_A_TRIAL, "two tried at once");
        trial.failed(None);
        assert_eq!(wait(&breaker), REST, "a failed trial did not open it again");
        clock.advance(REST);
        breaker.enter().unwrap().answered();
        assert!(!breaker.is_open());
        fail(&breaker, 4);
        assert!(!breaker.is_open(), "old failures were not forgotten");
    }

    #[test]
    fn o3_a_service_that_asks_for_peace_gets_it_at_once() {
        let (breaker, clock) = breaker();
        breaker.enter().unwrap().failed(Some(Duration::from_secs(120)));
        assert_eq!(wait(&breaker), Duration::from_secs(120));
        clock.advance(Duration::from_secs(120));
        breaker.enter().unwrap().answered();
        assert!(!breaker.is_open());
    }

    #[test]
    fn o3_a_caller_who_goes_away_is_no_failure_and_frees_the_trial() {
        let (breaker, clock) = breaker();
        fail(&breaker, 4);
        (0..5).for_each(|_| drop(breaker.enter().unwrap()));
        assert!(!breaker.is_open(), "whoever hangs up closes the service for all");
        fail(&breaker, 1);
        clock.advance(REST);
        drop(breaker.enter().unwrap());
        breaker.enter().unwrap().answered();
        assert!(!breaker.is_open());
    }
}
