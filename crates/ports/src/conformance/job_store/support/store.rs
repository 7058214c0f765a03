//! A store that is asked with limits.

use std::sync::Arc;
use std::time::Duration;

use domain::{AttemptResult, JobEvent, Outcome};
use jiff::Timestamp;

use super::StoreHarness;
use super::claims::started;
use super::jobs::{LATER, at, result, ticket, wish};
use crate::conformance::wait::within;
use crate::{Claim, ClaimRequest, ClaimTicket, Dispatch, JobStore, NewJob, OutboxEntry, Recorded, Started};

/// A store whose calls succeed within the limit, or fail the case.
#[derive(Clone)]
pub(crate) struct Store(pub(crate) Arc<dyn JobStore>);

impl Store {
    pub(crate) async fn fresh(harness: &StoreHarness) -> Self {
        Self(harness.fresh().await)
    }

    /// Crashes and comes back.
    pub(crate) async fn reopen(self, harness: &StoreHarness) -> Self {
        drop(self);
        Self(harness.reopen().await)
    }

    /// Admits jobs that are not to be dispatched again.
    pub(crate) async fn admit(&self, jobs: Vec<NewJob>) {
        self.admit_until(jobs, at(LATER)).await;
    }

    pub(crate) async fn admit_until(&self, jobs: Vec<NewJob>, wake_at: Timestamp) {
        let jobs = jobs.into_iter().map(Arc::new).collect();
        within("admitting", self.0.admit(jobs, wake_at)).await;
    }

    pub(crate) async fn claim(&self, ticket: &ClaimTicket, wishes: Vec<ClaimRequest>) -> Vec<Claim> {
        let count = wishes.len();
        let claims = within("claiming", self.0.claim(ticket, wishes)).await;
        assert_eq!(claims.len(), count, "every request gets an answer");
        claims
    }

    pub(crate) async fn claim_one(&self, ticket: &ClaimTicket, wish: ClaimRequest) -> Claim {
        self.claim(ticket, vec![wish]).await.remove(0)
    }

    /// Starts an attempt, which has to be granted.
    pub(crate) async fn start(&self, ticket: &ClaimTicket, wish: ClaimRequest) -> Started {
        started(self.claim_one(ticket, wish).await)
    }

    /// Gives the worker a lease and starts job `number`'s attempt under it, at second 1.
    pub(crate) async fn run(&self, number: u64, attempt: u32, worker: &str, claim: u64) -> Started {
        self.heartbeat(worker, at(LATER)).await;
        self.start(&ticket(worker, claim, at(1)), wish(number, attempt))
            .await
    }

    pub(crate) async fn record(&self, results: Vec<AttemptResult>) -> Vec<Recorded> {
        let count = results.len();
        let recorded = within("recording", self.0.record(results)).await;
        assert_eq!(recorded.len(), count, "every result gets an answer");
        recorded
    }

    /// The event of a result, if it stands.
    pub(crate) async fn record_one(&self, result: AttemptResult) -> Option<JobEvent> {
        match self.record(vec![result]).await.remove(0) {
            Recorded::Applied { event, .. } => Some(event),
            Recorded::Stale => None,
        }
    }

    /// Records a result, which has to stand.
    pub(crate) async fn apply(&self, result: AttemptResult) -> JobEvent {
        let event = self.record_one(result).await;
        event.unwrap_or_else(|| panic!("the result of a running attempt was refused"))
    }

    /// Records a result, which has to stand, and says whether a job that was held back may start now.
    pub(crate) async fn makes_room(&self, result: AttemptResult) -> bool {
        match self.record(vec![result]).await.remove(0) {
            Recorded::Applied { makes_room, .. } => makes_room,
            Recorded::Stale => panic!("the result of a running attempt was refused"),
        }
    }

    /// Runs job `number`'s first attempt to its end at second 10, under a claim of the same number.
    pub(crate) async fn finish(&self, number: u64, outcome: Outcome) -> JobEvent {
        self.run(number, 1, "w", number + 1).await;
        self.apply(result(number, 1, "w", at(10), outcome)).await
    }

    pub(crate) async fn heartbeat(&self, worker: &str, lease_until: Timestamp) {
        within("the heartbeat", self.0.heartbeat(worker, lease_until)).await;
    }

    pub(crate) async fn retire(&self, worker: &str) {
        within("retiring", self.0.retire(worker)).await;
    }

    pub(crate) async fn reap(&self, now: Timestamp) -> usize {
        within("reaping", self.0.reap(now, 1000)).await
    }

    /// Takes what is due at `now`, once for a long time.
    pub(crate) async fn due(&self, now: Timestamp) -> Vec<Dispatch> {
        self.take_due(now, at(LATER), 1000).await
    }

    pub(crate) async fn take_due(&self, now: Timestamp, again_at: Timestamp, limit: usize) -> Vec<Dispatch> {
        let taken = within("taking due jobs", self.0.take_due(now, again_at, limit)).await;
        assert!(
            taken.len() <= limit,
            "{} jobs were taken, {limit} asked for",
            taken.len()
        );
        taken
    }

    pub(crate) async fn put_off(&self, taken: &[Dispatch], again_at: Timestamp) {
        let taken = taken
            .iter()
            .map(|dispatch| (dispatch.job.id, dispatch.attempt))
            .collect();
        within("putting jobs off", self.0.put_off(taken, again_at)).await;
    }

    /// The oldest thousand entries of the outbox.
    pub(crate) async fn outbox(&self) -> Vec<OutboxEntry> {
        self.outbox_up_to(1000).await
    }

    pub(crate) async fn outbox_up_to(&self, limit: usize) -> Vec<OutboxEntry> {
        let entries = within("reading the outbox", self.0.outbox(limit)).await;
        assert!(entries.len() <= limit, "more entries than were asked for");
        entries
    }

    pub(crate) async fn clear(&self, seqs: Vec<u64>) {
        within("clearing the outbox", self.0.clear_outbox(seqs)).await;
    }

    /// Prunes until nothing is left to prune.
    pub(crate) async fn prune(&self, before: Timestamp) -> usize {
        let mut all = 0;
        loop {
            let gone = within("pruning", self.0.prune(before, 100)).await;
            if gone == 0 {
                return all;
            }
            all += gone;
        }
    }

    pub(crate) async fn ping(&self) {
        within("pinging", self.0.ping(Duration::from_secs(20))).await;
    }
}
