//! The end of a life: nothing holds anything back any more.

use domain::limits::Limits;
use domain::{AttemptResult, Outcome};

use super::super::support::{at, result, ticket};
use super::model::{FEW, RATED};
use super::{WORKERS, World};
use crate::{Claim, ClaimRequest, Dispatch};

/// How many seconds the rest may take.
const REST: u32 = 300;

impl World {
    /// Resumes everything, and works until every job has ended.
    pub(super) async fn settle(&mut self) {
        self.pause_all(false).await;
        self.set_limits(FEW, Limits::default()).await;
        self.set_limits(RATED, Limits::default()).await;
        for _ in 0..REST {
            for worker in WORKERS {
                self.heartbeat_of(worker, 1_000).await;
            }
            self.complete_all().await;
            if self.models.values().all(|model| model.row.status.is_terminal()) {
                return self.ask_for_cancellations().await;
            }
            self.now += 1;
            let taken = self.take(at(self.now + 5)).await;
            self.dispatch(taken).await;
        }
        let left = self
            .models
            .values()
            .filter(|model| !model.row.status.is_terminal());
        panic!(
            "some jobs do not end: {:?}",
            left.map(|model| &model.row).collect::<Vec<_>>()
        );
    }

    async fn dispatch(&mut self, taken: Vec<Dispatch>) {
        self.claims += 1;
        let ticket = ticket(WORKERS[0], self.claims, at(self.now));
        let wish = |taken: Dispatch| ClaimRequest {
            job: taken.job,
            attempt: taken.attempt,
            dispatched: true,
        };
        let answers = self
            .expect_claims(&ticket, taken.into_iter().map(wish).collect())
            .await;
        let told = |claim: &Claim| matches!(claim, Claim::Started(_) | Claim::Waits(_));
        assert!(
            answers.iter().all(told),
            "what was taken starts or waits: {answers:?}"
        );
    }

    async fn complete_all(&mut self) {
        let running = self.models.values().filter(|model| model.runs());
        let running: Vec<_> = running.map(|model| (model.job.id, model.row.clone())).collect();
        for (job_id, row) in running {
            let worker = row.worker.unwrap_or_default();
            let done = Outcome::Completed { result: None };
            let done = AttemptResult {
                job_id,
                ..result(0, row.attempt, &worker, at(self.now), done)
            };
            self.expect_recorded(done).await;
        }
    }
}
