//! Jobs, moments and a store that is asked with limits.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contracts::EventType;
use domain::{AttemptResult, JobEvent, Outcome};
use jiff::Timestamp;
use uuid::Uuid;

use super::super::wait::within;
use crate::{
    Claim, ClaimRequest, ClaimTicket, Cursor, Dispatch, JobDetail, JobFilter, JobStore, JobSummary, NewJob,
    OutboxEntry, Page, Recorded, Started,
};

/// What the cases of this suite are given.
pub(super) type StoreHarness = dyn super::super::Harness<dyn JobStore>;

/// Far beyond every moment that a case uses.
pub(super) const LATER: i64 = 1_000_000;

/// The moment `seconds` after the suite's zero.
pub(super) fn at(seconds: i64) -> Timestamp {
    at_micros(seconds * 1_000_000)
}

/// The moment `micros` after the suite's zero.
pub(super) fn at_micros(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(1_760_000_000_123_456 + micros).unwrap_or(Timestamp::MAX)
}

/// The identifier of job `number`; such identifiers do not sort by number.
pub(super) fn id(number: u64) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, &number.to_be_bytes())
}

/// Job `number`, accepted at second 0.
pub(super) fn job(number: u64) -> NewJob {
    let id = id(number);
    NewJob {
        id,
        job_type: "echo".to_owned(),
        created_at: at(-5),
        accepted_at: at(0),
        correlation_id: Uuid::from_u128(u128::from(number)),
        traceparent: None,
        tags: Vec::new(),
        body: Bytes::from(format!(
            "{{\"id\":\"{id}\",\"type\":\"echo\",\"status\":\"PENDING\"}}"
        )),
    }
}

/// Jobs `numbers`.
pub(super) fn jobs(numbers: std::ops::Range<u64>) -> Vec<NewJob> {
    numbers.map(job).collect()
}

/// The wish for an attempt of job `number`.
pub(super) fn wish(number: u64, attempt: u32) -> ClaimRequest {
    ClaimRequest {
        job: job(number),
        attempt,
    }
}

pub(super) fn ticket(worker: &str, claim: u64, now: Timestamp) -> ClaimTicket {
    ClaimTicket {
        worker: worker.to_owned(),
        claim,
        now,
    }
}

/// The result of an attempt of job `number`, after 1.5 s of running.
pub(super) fn result(
    number: u64,
    attempt: u32,
    worker: &str,
    at: Timestamp,
    outcome: Outcome,
) -> AttemptResult {
    AttemptResult {
        job_id: id(number),
        attempt,
        worker: worker.to_owned(),
        at,
        run_micros: 1_500_000,
        outcome,
    }
}

pub(super) fn completed() -> Outcome {
    Outcome::Completed {
        result: Some("{\"ok\":true}".to_owned()),
    }
}

pub(super) fn failed() -> Outcome {
    Outcome::Failed {
        error: "no luck".to_owned(),
    }
}

pub(super) fn retry(run_at: Timestamp) -> Outcome {
    Outcome::Retry {
        error: "try again".to_owned(),
        run_at,
    }
}

/// What tells events apart: type and attempt.
pub(super) fn kinds<'e>(events: impl IntoIterator<Item = &'e JobEvent>) -> Vec<(EventType, u32)> {
    events
        .into_iter()
        .map(|event| (event.event_type, event.attempt))
        .collect()
}

/// A store whose calls succeed within the limit, or fail the case.
#[derive(Clone)]
pub(super) struct Store(pub(super) Arc<dyn JobStore>);

impl Store {
    pub(super) async fn fresh(harness: &StoreHarness) -> Self {
        Self(harness.fresh().await)
    }

    /// Crashes and comes back.
    pub(super) async fn reopen(self, harness: &StoreHarness) -> Self {
        drop(self);
        Self(harness.reopen().await)
    }

    /// Admits jobs that are not to be dispatched again.
    pub(super) async fn admit(&self, jobs: Vec<NewJob>) {
        self.admit_until(jobs, at(LATER)).await;
    }

    pub(super) async fn admit_until(&self, jobs: Vec<NewJob>, wake_at: Timestamp) {
        within("admitting", self.0.admit(jobs, wake_at)).await;
    }

    pub(super) async fn claim(&self, ticket: &ClaimTicket, wishes: Vec<ClaimRequest>) -> Vec<Claim> {
        let count = wishes.len();
        let claims = within("claiming", self.0.claim(ticket, wishes)).await;
        assert_eq!(claims.len(), count, "every request gets an answer");
        claims
    }

    pub(super) async fn claim_one(&self, ticket: &ClaimTicket, wish: ClaimRequest) -> Claim {
        self.claim(ticket, vec![wish]).await.remove(0)
    }

    /// Starts an attempt, which has to be granted.
    pub(super) async fn start(&self, ticket: &ClaimTicket, wish: ClaimRequest) -> Started {
        started(self.claim_one(ticket, wish).await)
    }

    /// Gives the worker a lease and starts job `number`'s attempt under it, at second 1.
    pub(super) async fn run(&self, number: u64, attempt: u32, worker: &str, claim: u64) -> Started {
        self.heartbeat(worker, at(LATER)).await;
        self.start(&ticket(worker, claim, at(1)), wish(number, attempt))
            .await
    }

    pub(super) async fn record(&self, results: Vec<AttemptResult>) -> Vec<Recorded> {
        let count = results.len();
        let recorded = within("recording", self.0.record(results)).await;
        assert_eq!(recorded.len(), count, "every result gets an answer");
        recorded
    }

    pub(super) async fn record_one(&self, result: AttemptResult) -> Recorded {
        self.record(vec![result]).await.remove(0)
    }

    /// Records a result, which has to stand.
    pub(super) async fn apply(&self, result: AttemptResult) -> JobEvent {
        match self.record_one(result).await {
            Recorded::Applied(event) => event,
            Recorded::Stale => panic!("the result of a running attempt was refused"),
        }
    }

    /// Runs job `number`'s first attempt to its end at second 10, under a claim of the same number.
    pub(super) async fn finish(&self, number: u64, outcome: Outcome) -> JobEvent {
        self.run(number, 1, "w", number + 1).await;
        self.apply(result(number, 1, "w", at(10), outcome)).await
    }

    pub(super) async fn heartbeat(&self, worker: &str, lease_until: Timestamp) {
        within("the heartbeat", self.0.heartbeat(worker, lease_until)).await;
    }

    pub(super) async fn retire(&self, worker: &str) {
        within("retiring", self.0.retire(worker)).await;
    }

    pub(super) async fn reap(&self, now: Timestamp) -> usize {
        within("reaping", self.0.reap(now, 1000)).await
    }

    /// Takes what is due at `now`, once for a long time.
    pub(super) async fn due(&self, now: Timestamp) -> Vec<Dispatch> {
        self.take_due(now, at(LATER), 1000).await
    }

    pub(super) async fn take_due(&self, now: Timestamp, again_at: Timestamp, limit: usize) -> Vec<Dispatch> {
        let taken = within("taking due jobs", self.0.take_due(now, again_at, limit)).await;
        assert!(
            taken.len() <= limit,
            "{} jobs were taken, {limit} asked for",
            taken.len()
        );
        taken
    }

    pub(super) async fn put_off(&self, taken: &[Dispatch], again_at: Timestamp) {
        let taken = taken
            .iter()
            .map(|dispatch| (dispatch.job.id, dispatch.attempt))
            .collect();
        within("putting jobs off", self.0.put_off(taken, again_at)).await;
    }

    /// The oldest thousand events of the outbox.
    pub(super) async fn outbox(&self) -> Vec<OutboxEntry> {
        self.outbox_up_to(1000).await
    }

    pub(super) async fn outbox_up_to(&self, limit: usize) -> Vec<OutboxEntry> {
        within("reading the outbox", self.0.outbox(limit)).await
    }

    /// The outbox' events of job `number`.
    pub(super) async fn outbox_of(&self, number: u64) -> Vec<(EventType, u32)> {
        let entries = self.outbox().await;
        kinds(
            entries
                .iter()
                .map(|entry| &entry.event)
                .filter(|event| event.job_id == id(number)),
        )
    }

    pub(super) async fn clear(&self, seqs: Vec<u64>) {
        within("clearing the outbox", self.0.clear_outbox(seqs)).await;
    }

    pub(super) async fn find(&self, number: u64) -> Option<JobDetail> {
        within("reading a job", self.0.job(id(number))).await
    }

    /// Job `number`, which has to exist.
    pub(super) async fn detail(&self, number: u64) -> JobDetail {
        self.find(number)
            .await
            .unwrap_or_else(|| panic!("job {number} is not there"))
    }

    /// Job `number`'s history by type and attempt.
    pub(super) async fn history(&self, number: u64) -> Vec<(EventType, u32)> {
        kinds(&self.detail(number).await.history)
    }

    pub(super) async fn list(
        &self,
        filter: &JobFilter,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Page<JobSummary> {
        let page = within("listing", self.0.list(filter, cursor, limit)).await;
        assert!(
            page.items.len() <= limit,
            "a page of {} where {limit} were asked for",
            page.items.len()
        );
        page
    }

    /// Prunes until nothing is left to prune.
    pub(super) async fn prune(&self, before: Timestamp) -> usize {
        let mut all = 0;
        loop {
            let gone = within("pruning", self.0.prune(before, 100)).await;
            if gone == 0 {
                return all;
            }
            all += gone;
        }
    }

    pub(super) async fn ping(&self) {
        within("pinging", self.0.ping(Duration::from_secs(20))).await;
    }
}

/// The granted attempt, which has to be one.
pub(super) fn started(claim: Claim) -> Started {
    match claim {
        Claim::Started(started) => started,
        other => panic!("the attempt was not granted: {other:?}"),
    }
}
