//! Jobs of every kind and state, with the facts that queries ask for.

use std::collections::BTreeMap;

use contracts::{EventType, JobStatus};
use domain::query::{Body, Facts, Query};
use jiff::Timestamp;
use uuid::Uuid;

use super::super::support::{Store, StoreHarness, at, paused};
use super::lives::{self, CLOSED_TYPE};
use crate::conformance::dice::Dice;
use crate::{JobDetail, JobSummary, NewJob};

/// The moment at which queries are asked: after everything that happened, and not so long after that everything
/// is stuck.
pub(super) fn now() -> Timestamp {
    at(4_000)
}

/// A job as it was given and as it is now.
struct Known {
    job: NewJob,
    body: Body,
    detail: JobDetail,
}

/// A store with jobs, and what is known of them in the order of their arrival.
pub(super) struct World {
    pub(super) store: Store,
    pub(super) dice: Dice,
    known: Vec<Known>,
    /// Where in the order each of them stands.
    places: BTreeMap<Uuid, usize>,
}

impl World {
    /// So many jobs, each with a life drawn from the seed.
    pub(super) async fn of(harness: &StoreHarness, seed: u64, jobs: usize) -> Self {
        let mut world = Self::empty(harness, seed).await;
        for _ in 0..jobs {
            world.grow().await;
        }
        world.refresh().await;
        world
    }

    pub(super) async fn empty(harness: &StoreHarness, seed: u64) -> Self {
        let store = Store::fresh(harness).await;
        store.set_limits(CLOSED_TYPE, paused()).await;
        Self {
            store,
            dice: Dice::new(seed),
            known: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    /// One more job.
    pub(super) async fn grow(&mut self) {
        let number = self.known.len() as u64;
        let job = lives::job(&mut self.dice, number);
        lives::lead(&mut self.dice, &self.store, number, &job).await;
        self.know(job).await;
    }

    /// Takes a job that has arrived after the others into the books.
    pub(super) async fn know(&mut self, job: NewJob) {
        let detail = detail(&self.store, job.id).await;
        let body = serde_json::from_slice(&job.body).unwrap_or_else(|error| panic!("{error}"));
        self.places.insert(job.id, self.known.len());
        self.known.push(Known { job, body, detail });
    }

    /// Looks at every job once more: the life of one may have changed another one.
    pub(super) async fn refresh(&mut self) {
        for known in &mut self.known {
            known.detail = detail(&self.store, known.job.id).await;
        }
    }

    pub(super) async fn reopen(mut self, harness: &StoreHarness) -> Self {
        self.store = self.store.reopen(harness).await;
        self
    }

    /// The jobs that match, newest first.
    pub(super) fn matching(&self, query: &Query) -> Vec<Uuid> {
        let newest_first = self.known.iter().rev();
        let matching = newest_first.filter(|known| query.matches(&known.facts(), now()));
        matching.map(|known| known.job.id).collect()
    }

    pub(super) fn summary(&self, job: Uuid) -> JobSummary {
        self.known[self.places[&job]].detail.summary.clone()
    }

    /// A job drawn at random.
    pub(super) fn any(&mut self) -> (&NewJob, &Body, &JobDetail) {
        let known = &self.known[self.dice.index(self.known.len())];
        (&known.job, &known.body, &known.detail)
    }

    /// What is asked of the jobs, one value each where they have one.
    pub(super) fn values<T>(&self, of: impl Fn(&Facts<'_>) -> Option<T>) -> Vec<T> {
        self.known.iter().filter_map(|known| of(&known.facts())).collect()
    }
}

async fn detail(store: &Store, id: Uuid) -> JobDetail {
    let detail = store.find_id(id).await;
    detail.unwrap_or_else(|| panic!("job {id} is not there"))
}

impl Known {
    /// The facts of a query, from what was given and from what the store tells of the job.
    fn facts(&self) -> Facts<'_> {
        let (job, summary) = (&self.job, &self.detail.summary);
        Facts {
            id: job.id,
            job_type: &job.job_type,
            status: summary.status,
            tags: &job.tags,
            priority: job.priority,
            unique_key: job.unique_key.as_deref(),
            schedule: job.schedule.as_deref(),
            held: summary.held,
            worker: self.worker(),
            error: summary.error.as_deref(),
            attempt: summary.attempt,
            failures: self.detail.failures,
            crashes: self.detail.crashes,
            accepted_at: job.accepted_at,
            created_at: job.created_at,
            updated_at: summary.updated_at,
            wake_at: summary.wake_at,
            payload: self.body.payload.as_ref(),
            metadata: self.body.metadata.as_ref(),
        }
    }

    /// Who started the attempt that runs.
    fn worker(&self) -> Option<&str> {
        if self.detail.summary.status != JobStatus::Executing {
            return None;
        }
        let mut starts = self.detail.history.iter().rev();
        let start = starts.find(|event| event.event_type == EventType::Executed);
        start.and_then(|event| event.worker.as_deref())
    }
}
