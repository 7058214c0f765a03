//! What claims are answered with, and a scheduler's turn.

use domain::{JobEvent, Outcome};
use uuid::Uuid;

use super::jobs::{LATER, announced, at, dispatched, result, ticket};
use super::store::Store;
use crate::{Claim, ClaimRequest, Dispatch, NewJob, Started};

/// How many turns in a row a scheduler may take before it is taken for one that finds no end.
const MAX_TURNS: usize = 10_000;

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

    /// Claims under a ticket of its own, at `second`.
    pub(crate) async fn claim(&mut self, wishes: Vec<ClaimRequest>, second: i64) -> Vec<Claim> {
        self.next_claim += 1;
        let ticket = ticket(self.worker, self.next_claim, at(second));
        self.store.claim(&ticket, wishes).await
    }

    /// The messages of new jobs arrive, at `second`.
    pub(crate) async fn announce(&mut self, jobs: Vec<NewJob>, second: i64) -> Vec<Claim> {
        let wishes = jobs.into_iter().map(announced).collect();
        self.claim(wishes, second).await
    }

    /// The messages of the scheduler arrive, at `second`.
    pub(crate) async fn dispatch(&mut self, taken: Vec<Dispatch>, second: i64) -> Vec<Claim> {
        let wish = |dispatch: Dispatch| dispatched((*dispatch.job).clone(), dispatch.attempt);
        self.claim(taken.into_iter().map(wish).collect(), second).await
    }

    /// Takes what is due at `second` and claims it; the jobs that started.
    pub(crate) async fn take(&mut self, second: i64) -> Vec<Uuid> {
        let taken = self.store.take_due(at(second), at(second + 300), 1000).await;
        if taken.is_empty() {
            return Vec::new();
        }
        claims_of(&self.dispatch(taken, second).await)
    }

    /// Takes and claims until nothing is due at `second` any more; the jobs that started.
    pub(crate) async fn take_all(&mut self, second: i64) -> Vec<Uuid> {
        let mut all = Vec::new();
        for _ in 0..MAX_TURNS {
            let begun = self.take(second).await;
            if begun.is_empty() {
                return all;
            }
            all.extend(begun);
        }
        panic!("the scheduler finds no end");
    }

    /// Ends an attempt of job `number`, and says whether a job that was held back may start now.
    pub(crate) async fn end(&self, number: u64, attempt: u32, second: i64, outcome: Outcome) -> bool {
        self.store
            .makes_room(result(number, attempt, self.worker, at(second), outcome))
            .await
    }
}
