//! More jobs than an index keeps in one piece, brought in and led on in batches.

use std::collections::BTreeMap;

use domain::AttemptResult;
use uuid::Uuid;

use super::super::support::{StoreHarness, announced, at, claims_of, query, result, ticket};
use super::lives::{self, WORKERS, pick};
use super::world::World;
use crate::NewJob;

/// How many jobs arrive in one call.
const BATCH: u64 = 250;

impl World {
    /// So many jobs; one in four of them has not been looked at by any worker.
    pub(super) async fn of_many(harness: &StoreHarness, seed: u64, jobs: u64) -> Self {
        let mut world = Self::empty(harness, seed).await;
        let mut all = BTreeMap::<Uuid, NewJob>::new();
        for first in (0..jobs).step_by(usize::try_from(BATCH).unwrap_or(1)) {
            let numbers = first..first + BATCH;
            let batch: Vec<_> = numbers
                .map(|number| lives::job(&mut world.dice, number))
                .collect();
            all.extend(batch.iter().map(|job| (job.id, job.clone())));
            world.store.admit(batch.clone()).await;
            world.lead(first, batch).await;
        }
        // Which of a batch arrived first is the store's to say.
        let arrived = world.store.read(&query(""), 1000).await;
        assert_eq!(arrived.len() as u64, jobs);
        for summary in arrived.into_iter().rev() {
            let job = all.remove(&summary.id);
            world
                .know(job.unwrap_or_else(|| panic!("{summary:?} is nobody's")))
                .await;
        }
        world
    }

    /// Claims most of a batch, and records how most of what started ended.
    async fn lead(&mut self, first: u64, mut batch: Vec<NewJob>) {
        let second = 1 + self.dice.below(3_800).cast_signed();
        let worker = pick(&mut self.dice, &WORKERS);
        self.store.heartbeat(worker, at(1_000_000)).await;
        batch.retain(|_| !self.dice.one_in(4));
        let ticket = ticket(worker, first + 1, at(second));
        let wishes = batch.into_iter().map(announced).collect();
        let mut begun = claims_of(&self.store.claim(&ticket, wishes).await);
        begun.retain(|_| !self.dice.one_in(4));
        let mut ended = Vec::new();
        for job_id in begun {
            let at_second = second + self.dice.below(100).cast_signed();
            let outcome = lives::outcome(&mut self.dice, at_second);
            ended.push(AttemptResult {
                job_id,
                ..result(0, 1, worker, at(at_second), outcome)
            });
        }
        self.store.record(ended).await;
    }
}
