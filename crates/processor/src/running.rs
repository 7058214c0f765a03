//! The attempts that run now, so that a long one is announced before it ends.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::JobEvent;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// An attempt that runs longer than this is announced while it runs; the event of a shorter one is published
/// together with its result, which halves the publications of short jobs.
pub(crate) const ANNOUNCE_AFTER: Duration = Duration::from_millis(20);

struct Attempt {
    number: u32,
    since: Instant,
    event: Option<JobEvent>,
    cancelled: CancellationToken,
}

/// The attempts that run now, by job.
#[derive(Default)]
pub(crate) struct Running(Mutex<HashMap<Uuid, Attempt>>);

impl Running {
    /// Adds an attempt that starts; the token is cancelled when a client withdraws the job.
    pub(crate) fn insert(&self, event: &JobEvent) -> CancellationToken {
        let cancelled = CancellationToken::new();
        let attempt = Attempt {
            number: event.attempt,
            since: Instant::now(),
            event: Some(event.clone()),
            cancelled: cancelled.clone(),
        };
        self.lock().insert(event.job_id, attempt);
        cancelled
    }

    /// Tells an attempt that its job was withdrawn.
    pub(crate) fn cancel(&self, job: Uuid, number: u32) {
        if let Some(attempt) = self.lock().get(&job).filter(|attempt| attempt.number == number) {
            attempt.cancelled.cancel();
        }
    }

    pub(crate) fn remove(&self, job: Uuid) {
        self.lock().remove(&job);
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    /// The events of attempts that have run long enough to be announced, each given once.
    pub(crate) fn unannounced(&self) -> Vec<JobEvent> {
        let mut attempts = self.lock();
        let old = attempts
            .values_mut()
            .filter(|attempt| attempt.since.elapsed() >= ANNOUNCE_AFTER);
        old.filter_map(|attempt| attempt.event.take()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Uuid, Attempt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
