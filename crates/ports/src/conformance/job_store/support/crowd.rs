//! Workers and schedulers in parallel, and how many jobs of theirs ever ran at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::AttemptResult;
use tokio::task::{JoinSet, yield_now};
use tokio::time::Instant;
use uuid::Uuid;

use super::jobs::{LATER, announced, at, completed, dispatched, result, ticket};
use super::store::Store;
use crate::conformance::LIMIT;
use crate::{Claim, ClaimRequest, NewJob};

const WORKERS: usize = 4;

/// How many new jobs a worker claims at a time.
const AT_A_TIME: usize = 2;

/// What the workers have in common.
#[derive(Default)]
struct Crowd {
    /// Counted after the claim and before the result, so never more than really run.
    running: AtomicUsize,
    most: AtomicUsize,
    done: AtomicUsize,
}

/// Lets workers, each of them a scheduler too, run all the jobs. Says how many ran at once at most.
pub(crate) async fn most_at_once(store: &Store, jobs: Vec<NewJob>) -> usize {
    let crowd = Arc::new(Crowd::default());
    let all = jobs.len();
    let mut tasks = JoinSet::new();
    for (own, number) in jobs.chunks(all.div_ceil(WORKERS)).zip(1_u64..) {
        let member = Member {
            crowd: Arc::clone(&crowd),
            store: store.clone(),
            name: format!("w{number}"),
            claims: number * 1_000_000,
            fresh: own.iter().cloned().map(announced).collect(),
        };
        tasks.spawn(member.work(all));
    }
    tasks.join_all().await;
    crowd.most.load(Ordering::SeqCst)
}

struct Member {
    crowd: Arc<Crowd>,
    store: Store,
    name: String,
    claims: u64,
    /// The messages of new jobs that have not been looked at.
    fresh: Vec<ClaimRequest>,
}

impl Member {
    /// Claims its new jobs and whatever is due, until all jobs of the crowd are done.
    async fn work(mut self, all: usize) {
        self.store.heartbeat(&self.name, at(LATER)).await;
        let end = Instant::now() + LIMIT;
        while self.crowd.done.load(Ordering::SeqCst) < all {
            assert!(Instant::now() < end, "a job does not get its turn");
            let mut wishes = self.fresh.split_off(self.fresh.len().saturating_sub(AT_A_TIME));
            let due = self.store.take_due(at(4), at(LATER), 3).await.into_iter();
            wishes.extend(due.map(|due| dispatched((*due.job).clone(), due.attempt)));
            let begun = self.claim(wishes).await;
            self.end(begun).await;
            yield_now().await;
        }
    }

    async fn claim(&mut self, wishes: Vec<ClaimRequest>) -> Vec<(Uuid, u32)> {
        self.claims += 1;
        let ticket = ticket(&self.name, self.claims, at(4));
        let answers = self.store.claim(&ticket, wishes).await;
        let begun = |claim: Claim| match claim {
            Claim::Started(started) => Some((started.event.job_id, started.attempt)),
            _ => None,
        };
        answers.into_iter().filter_map(begun).collect()
    }

    async fn end(&self, begun: Vec<(Uuid, u32)>) {
        let (crowd, count) = (&self.crowd, begun.len());
        let running = crowd.running.fetch_add(count, Ordering::SeqCst) + count;
        crowd.most.fetch_max(running, Ordering::SeqCst);
        yield_now().await;
        crowd.running.fetch_sub(count, Ordering::SeqCst);
        let end = |(job_id, attempt)| AttemptResult {
            job_id,
            ..result(0, attempt, &self.name, at(3), completed())
        };
        self.store.record(begun.into_iter().map(end).collect()).await;
        crowd.done.fetch_add(count, Ordering::SeqCst);
    }
}
