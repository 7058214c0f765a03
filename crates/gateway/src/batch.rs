//! Many jobs in one request: each accepted or rejected on its own, published in chunks.

mod chunks;
mod keys;
mod result;
pub(crate) mod split;

use std::sync::Arc;

use bytes::Bytes;
use contracts::Violation;
use ports::Parcel;
use service::correlation::RequestContext;
use service::problem::Problem;
use tokio::time::Instant;

use crate::event::{Announcement, announce};
use crate::gateway::Shared;
use crate::intake;
use crate::submission::{self, IdempotencyKey};
use crate::unique;
pub(crate) use result::{BatchResult, Outcome};

/// A batch under way.
pub(crate) struct Batch<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) context: &'a RequestContext,
    pub(crate) key: Option<&'a IdempotencyKey>,
}

impl Batch<'_> {
    /// Submits everything. Once the bus has refused a chunk, the chunks after it are not tried.
    pub(crate) async fn submit(&self, items: &[Bytes]) -> Outcome {
        let deadline = Instant::now() + self.shared.config.batch_timeout;
        let mut outcome = Outcome::with_capacity(items.len());
        for (first, chunk) in chunks::chunks(items) {
            let prepared = self.prepare(first, chunk, &mut outcome);
            let prepared = keys::reserve(self.shared, prepared, &mut outcome).await;
            self.publish(prepared, deadline, &mut outcome).await;
        }
        outcome
    }

    fn prepare(&self, first: usize, chunk: &[Bytes], outcome: &mut Outcome) -> Vec<(usize, Announcement)> {
        let mut prepared = Vec::with_capacity(chunk.len());
        for (index, bytes) in (first..).zip(chunk) {
            match self.prepare_one(index, bytes) {
                Ok(announcement) => prepared.push((index, announcement)),
                Err(violations) => {
                    self.shared.metrics.reject("invalid-job", 1);
                    outcome.invalid(index, violations);
                }
            }
        }
        prepared
    }

    fn prepare_one(&self, index: usize, bytes: &[u8]) -> Result<Announcement, Vec<Violation>> {
        let now = self.shared.clock.now();
        let new_id = || {
            self.key
                .map_or_else(|| self.shared.ids.next(), |key| key.batch_job_id(index))
        };
        let limit = self.shared.config.job_body.bytes;
        if bytes.len() > limit {
            return Err(whole(format!("the job is larger than {limit} bytes")));
        }
        let mut submission = submission::read(bytes, new_id, now)?;
        submission.is_named |= self.key.is_some();
        self.shared.metrics.submitted.inc(&submission.job_type);
        announce(submission, self.context, self.shared.producer(), now)
            .map_err(|error| whole(error.to_string()))
    }

    async fn publish(&self, prepared: Vec<(usize, Announcement)>, deadline: Instant, outcome: &mut Outcome) {
        if prepared.is_empty() {
            return;
        }
        let mut told = Vec::with_capacity(prepared.len());
        let mut messages: Vec<Arc<Parcel>> = Vec::with_capacity(prepared.len());
        let mut wishes = Vec::new();
        for (index, announcement) in prepared {
            told.push((index, announcement.job_id, announcement.event_id));
            messages.push(announcement.message);
            wishes.extend(announcement.wish);
        }
        let refusal = outcome.refusal();
        if refusal.is_some() {
            // Then none were reserved.
            wishes.clear();
        }
        match self.reach_the_bus(messages, deadline, refusal).await {
            Ok(()) => {
                self.shared
                    .metrics
                    .accepted
                    .inc_by(u64::try_from(told.len()).unwrap_or(u64::MAX));
                for (index, job_id, event_id) in told {
                    outcome.accepted(index, job_id, event_id);
                }
            }
            Err(problem) => {
                unique::give_up(self.shared, &wishes).await;
                self.shared.metrics.reject(problem.kind(), told.len());
                for (index, ..) in told {
                    outcome.refused(index, &problem);
                }
            }
        }
    }

    async fn reach_the_bus(
        &self,
        messages: Vec<Arc<Parcel>>,
        deadline: Instant,
        refusal: Option<Problem>,
    ) -> Result<(), Problem> {
        if let Some(problem) = refusal {
            return Err(problem);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(intake::too_late(self.shared.config.batch_timeout));
        }
        self.shared.intake.publish(messages, left).await
    }
}

fn whole(message: String) -> Vec<Violation> {
    vec![Violation {
        path: String::new(),
        message,
    }]
}
