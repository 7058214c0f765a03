//! Submits a plan as a careful client would: what was not answered is asked again under the same identifier.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::ledger::Ledger;
use super::plan::{Plan, Unit};
use super::source::Source;
use crate::api::{Accepted, BatchAnswer, quote};
use crate::http_client::{Answer, ClientError, Session, Target};

/// How many submissions are under way at once.
const CONNECTIONS: usize = 32;
/// The longest time that the gateway may take to answer. It promises less.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// The pause before a submission is repeated.
const PAUSE: Duration = Duration::from_millis(10);
/// How long one submission is repeated before it is given up.
const PATIENCE: Duration = Duration::from_mins(1);

/// Everything that the submitting tasks share.
#[derive(Debug)]
pub(super) struct Submission {
    /// What is submitted.
    pub(super) plan: Plan,
    /// In which order, and how far.
    pub(super) source: Source,
    /// What came of it.
    pub(super) ledger: Ledger,
    gateway: Target,
}

/// What an answer means for a submission.
enum Verdict {
    Done,
    Again,
}

impl Submission {
    /// A submission of `plan` to `gateway`, of which nothing has happened yet.
    pub(super) fn new(plan: Plan, gateway: Target) -> Self {
        Self {
            plan,
            source: Source::new(plan),
            ledger: Ledger::new(plan.jobs()),
            gateway,
        }
    }

    /// Starts the submitting tasks. They end when the plan is done.
    pub(super) fn start(self: &Arc<Self>) -> JoinSet<()> {
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            tasks.spawn(Arc::clone(self).work());
        }
        tasks
    }

    async fn work(self: Arc<Self>) {
        let mut session = Session::new(self.gateway.clone(), ANSWER_LIMIT);
        while let Some(unit) = self.source.next().await {
            match unit {
                Unit::Single(index) => self.single(&mut session, index).await,
                Unit::Batch(range) => self.batch(&mut session, range).await,
                Unit::Repeat(index) => {
                    self.ledger.repeat();
                    self.single(&mut session, index).await;
                }
            }
        }
    }

    async fn single(&self, session: &mut Session, index: u64) {
        let body = self.plan.body(index);
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = session.post("/jobs", "application/json", body.as_bytes()).await;
            if let Verdict::Done = self.judge_single(index, answer) {
                return;
            }
            if Instant::now() > until {
                return self.give_up(index..index + 1, "was never answered 202");
            }
            sleep(PAUSE).await;
        }
    }

    async fn batch(&self, session: &mut Session, range: Range<u64>) {
        let bodies: Vec<_> = range.clone().map(|index| self.plan.body(index)).collect();
        // Both forms of a batch are used, in turns.
        let (content_type, body) = if (range.start / 25).is_multiple_of(2) {
            ("application/json", format!("[{}]", bodies.join(",")))
        } else {
            ("application/x-ndjson", bodies.join("\n"))
        };
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = session.post("/jobs/batch", content_type, body.as_bytes()).await;
            if let Verdict::Done = self.judge_batch(&range, answer) {
                return;
            }
            if Instant::now() > until {
                return self.give_up(range, "was never answered 202 in a batch");
            }
            sleep(PAUSE).await;
        }
    }

    fn judge_single(&self, index: u64, answer: Result<Answer<'_>, ClientError>) -> Verdict {
        match answer {
            Ok(Answer { status: 202, body }) => {
                match serde_json::from_slice(body) {
                    Ok(accepted) => self.accepted(index, &accepted),
                    Err(_) => self.give_up(index..index + 1, &format!("answered 202 {}", quote(body))),
                }
                Verdict::Done
            }
            other => self.judge_failure(&(index..index + 1), other),
        }
    }

    fn judge_batch(&self, range: &Range<u64>, answer: Result<Answer<'_>, ClientError>) -> Verdict {
        match answer {
            Ok(Answer {
                status: 200..300,
                body,
            }) => {
                match serde_json::from_slice(body) {
                    Ok(answer) => self.batch_items(range, answer),
                    Err(_) => self.give_up(range.clone(), &format!("batch answered with {}", quote(body))),
                }
                Verdict::Done
            }
            other => self.judge_failure(range, other),
        }
    }

    fn batch_items(&self, range: &Range<u64>, answer: BatchAnswer) {
        let mut answered = vec![false; range.clone().count()];
        for item in answer.items {
            let Some(slot) = answered.get_mut(item.index) else {
                self.ledger
                    .unexpected("batch", format!("answer for item {}", item.index));
                continue;
            };
            let index = range.start + item.index as u64;
            match (&item.accepted, std::mem::replace(slot, true)) {
                (_, true) => self
                    .ledger
                    .unexpected(self.plan.id(index), "answered twice in a batch"),
                (Some(accepted), false) => self.accepted(index, accepted),
                (None, false) => {
                    let error = item.error.unwrap_or_default();
                    self.give_up(index..index + 1, &format!("refused in a batch: {error}"));
                }
            }
        }
        for (index, _) in range.clone().zip(answered).filter(|(_, answered)| !answered) {
            self.give_up(index..index + 1, "is not in the answer to its batch");
        }
    }

    fn judge_failure(&self, range: &Range<u64>, answer: Result<Answer<'_>, ClientError>) -> Verdict {
        let first = self.plan.id(range.start);
        match answer {
            Ok(Answer {
                status: 429 | 503, ..
            }) => self.ledger.turn_away(),
            Ok(Answer { status, body }) => {
                let reason = format!("answered {status}: {}", quote(body));
                if status < 500 {
                    self.give_up(range.clone(), &reason);
                    return Verdict::Done;
                }
                self.ledger.unexpected(first, reason);
            }
            Err(error @ (ClientError::Silent(_) | ClientError::Unreadable(_))) => {
                self.ledger.unexpected(first, format!("submission: {error}"));
            }
            Err(_) => self.ledger.lost_answer(),
        }
        Verdict::Again
    }

    fn accepted(&self, index: u64, accepted: &Accepted) {
        let (id, event) = (self.plan.id(index), self.plan.created_event(index));
        if accepted.job_id != id {
            self.ledger
                .unexpected(id, format!("accepted as {}", accepted.job_id));
        }
        if accepted.event_id != event {
            let reason = format!("accepted with event {}, expected {event}", accepted.event_id);
            self.ledger.unexpected(id, reason);
        }
        if self.ledger.accept(index) {
            self.source.accepted(index);
        }
    }

    fn give_up(&self, jobs: Range<u64>, reason: &str) {
        for index in jobs {
            self.ledger.give_up(self.plan.id(index), reason);
        }
    }
}

#[cfg(test)]
mod tests;
