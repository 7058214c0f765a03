//! What claims are answered with, and a scheduler's turn.

use domain::JobEvent;
use uuid::Uuid;

use super::jobs::{LATER, at, dispatched, ticket};
use super::store::Store;
use crate::{Claim, Dispatch, Started};

/// The granted attempt, which has to be one.
pub(crate) fn started(claim: Claim) -> Started {
    match claim {
        Claim::Started(started) => started,
        other => panic!("the attempt was not granted: {other:?}"),
    }
}

/// The events of a job that has moved on, which it has to have.
pub(crate) fn passed(claim: Claim) -> Vec<JobEvent> {
    match claim {
        Claim::Passed(events) => events,
        other => panic!("the job has moved on, yet the claim says {other:?}"),
    }
}

/// The events of a job that waits, which it has to do.
pub(crate) fn waits(claim: Claim) -> Vec<JobEvent> {
    match claim {
        Claim::Waits(events) => events,
        other => panic!("the job waits, yet the claim says {other:?}"),
    }
}

/// The events to publish before the message is acknowledged, whichever way the claim says so.
pub(crate) fn published(claim: Claim) -> Vec<JobEvent> {
    match claim {
        Claim::Waits(events) | Claim::Passed(events) => events,
        other => panic!("nothing is to be run or waited for, yet the claim says {other:?}"),
    }
}

/// The jobs that were started, in the order of the answers.
pub(crate) fn claims_of(answers: &[Claim]) -> Vec<Uuid> {
    let begun = |claim: &Claim| match claim {
        Claim::Started(started) => Some(started.event.job_id),
        _ => None,
    };
    answers.iter().filter_map(begun).collect()
}

/// A scheduler and a worker that take turns: what is due is dispatched and claimed at once.
#[derive(Clone)]
pub(crate) struct Turn {
    pub(crate) store: Store,
    pub(crate) worker: &'static str,
    next_claim: u64,
}

impl Turn {
    /// Gives the worker a lease that does not end. Its claims count on from `first_claim`.
    pub(crate) async fn new(store: &Store, worker: &'static str, first_claim: u64) -> Self {
        store.heartbeat(worker, at(LATER)).await;
        Self {
            store: store.clone(),
            worker,
            next_claim: first_claim,
        }
    }

    /// Claims what was dispatched, at `second`.
    pub(crate) async fn claim(&mut self, taken: Vec<Dispatch>, second: i64) -> Vec<Claim> {
        self.next_claim += 1;
        let ticket = ticket(self.worker, self.next_claim, at(second));
        let wish = |dispatch: Dispatch| dispatched((*dispatch.job).clone(), dispatch.attempt);
        self.store
            .claim(&ticket, taken.into_iter().map(wish).collect())
            .await
    }

    /// Takes what is due at `second` and claims it; the jobs that started.
    pub(crate) async fn take(&mut self, second: i64) -> Vec<Uuid> {
        let taken = self.store.take_due(at(second), at(second + 300), 1000).await;
        if taken.is_empty() {
            return Vec::new();
        }
        claims_of(&self.claim(taken, second).await)
    }
}
