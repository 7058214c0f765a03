//! What a job store knows of a job, and the one place where that knowledge changes.

use contracts::{EventType, JobStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

use crate::{CrashVerdict, after_crash};

/// The part of a stored job that the rules decide on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where the job is in its life.
    pub status: JobStatus,
    /// The fencing token: how many attempts were started. A result under an older token is refused.
    pub attempt: u32,
    /// How many attempts ended in failure; compared with the retry policy.
    pub failures: u32,
    /// How many workers died under the job; compared with [`crate::CRASH_LIMIT`].
    pub crashes: u32,
    /// Which worker holds the attempt, while EXECUTING.
    pub worker: Option<String>,
    /// The claim call that started the attempt: a claim that is repeated because its answer was lost finds
    /// its own number and starts, instead of waiting for itself.
    pub claim: u64,
    /// When the scheduler has to look at the job again; `None` while it runs and once it is terminal.
    pub wake_at: Option<Timestamp>,
    /// Set when some transition of this job has no message to be redelivered: from then on its events leave
    /// through the outbox.
    pub relay: bool,
}

impl Row {
    /// A job that was accepted and not started. If no worker has it by `wake_at`, it is dispatched again.
    pub fn pending(wake_at: Timestamp) -> Self {
        Self {
            status: JobStatus::Pending,
            attempt: 0,
            failures: 0,
            crashes: 0,
            worker: None,
            claim: 0,
            wake_at: Some(wake_at),
            relay: false,
        }
    }

    /// Starts the next attempt. Call only where [`crate::claim::decide`] says so.
    pub fn start(&mut self, worker: &str, claim: u64) {
        self.status = JobStatus::Executing;
        self.attempt += 1;
        self.worker = Some(worker.to_owned());
        self.claim = claim;
        self.wake_at = None;
    }

    /// Applies the result of an attempt and names the event, or refuses it (`None`) because the attempt is
    /// not the current one of its worker any more.
    pub fn finish(&mut self, result: &AttemptResult) -> Option<EventType> {
        let holds = self.status == JobStatus::Executing
            && self.attempt == result.attempt
            && self.worker.as_deref() == Some(&*result.worker);
        if !holds {
            return None;
        }
        let (status, event) = match &result.outcome {
            Outcome::Completed { .. } => (JobStatus::Completed, EventType::Completed),
            Outcome::Failed { .. } => (JobStatus::Failed, EventType::Failed),
            Outcome::Retry { .. } | Outcome::HandedBack { .. } => (JobStatus::Retrying, EventType::Retrying),
        };
        if matches!(result.outcome, Outcome::Failed { .. } | Outcome::Retry { .. }) {
            self.failures += 1;
        }
        self.status = status;
        self.worker = None;
        self.wake_at = result.outcome.run_at();
        Some(event)
    }

    /// Applies the death of the worker that holds the job and names the event.
    pub fn crash(&mut self, now: Timestamp) -> EventType {
        self.crashes += 1;
        self.worker = None;
        match after_crash(self.crashes) {
            CrashVerdict::Retry(pause) => {
                self.status = JobStatus::Retrying;
                self.wake_at = Some(later(now, pause));
                EventType::Retrying
            }
            CrashVerdict::Quarantine => {
                self.status = JobStatus::Quarantined;
                self.wake_at = None;
                EventType::Quarantined
            }
        }
    }
}

fn later(now: Timestamp, pause: Duration) -> Timestamp {
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}

/// What a worker says of an attempt that it held.
#[derive(Clone, Debug, PartialEq)]
pub struct AttemptResult {
    /// Whose attempt.
    pub job_id: Uuid,
    /// The fencing token that the claim gave.
    pub attempt: u32,
    /// The worker that claims to hold it.
    pub worker: String,
    /// When the attempt ended.
    pub at: Timestamp,
    /// How long it ran, in microseconds.
    pub run_micros: u64,
    /// How it ended.
    pub outcome: Outcome,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// The handler returned; the result is JSON text.
    Completed {
        /// What the handler returned, if anything.
        result: Option<String>,
    },
    /// It failed and another attempt follows.
    Retry {
        /// Why.
        error: String,
        /// When the next attempt is due.
        run_at: Timestamp,
    },
    /// It failed for good.
    Failed {
        /// Why.
        error: String,
    },
    /// The worker stops and gives the job back unharmed: no failure is counted.
    HandedBack {
        /// When the next attempt is due.
        run_at: Timestamp,
    },
}

impl Outcome {
    /// Why it did not go well, where it did not.
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Completed { .. } => None,
            Self::Retry { error, .. } | Self::Failed { error } => Some(error),
            Self::HandedBack { .. } => Some("handed back by a worker that stops"),
        }
    }

    /// When the next attempt is due, where one follows.
    pub fn run_at(&self) -> Option<Timestamp> {
        match self {
            Self::Retry { run_at, .. } | Self::HandedBack { run_at } => Some(*run_at),
            Self::Completed { .. } | Self::Failed { .. } => None,
        }
    }

    /// The event that the outcome emits; also how a repeated result recognises itself in the history.
    pub fn event_type(&self) -> EventType {
        match self {
            Self::Completed { .. } => EventType::Completed,
            Self::Failed { .. } => EventType::Failed,
            Self::Retry { .. } | Self::HandedBack { .. } => EventType::Retrying,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started() -> Row {
        let mut row = Row::pending(Timestamp::UNIX_EPOCH);
        row.start("w1", 1);
        row
    }

    fn result(attempt: u32, worker: &str, outcome: Outcome) -> AttemptResult {
        let (job_id, at) = (Uuid::nil(), Timestamp::UNIX_EPOCH);
        AttemptResult {
            job_id,
            attempt,
            worker: worker.into(),
            at,
            run_micros: 0,
            outcome,
        }
    }

    #[test]
    fn a_result_under_the_current_token_is_applied_once() {
        let mut row = started();
        let done = result(1, "w1", Outcome::Completed { result: None });
        assert_eq!(row.finish(&done), Some(EventType::Completed));
        assert_eq!(row.finish(&done), None);
        assert!(row.status.is_terminal());
    }

    #[test]
    fn a_result_under_an_old_token_or_of_another_worker_is_refused() {
        let mut row = started();
        let before = row.clone();
        assert_eq!(
            row.finish(&result(0, "w1", Outcome::Completed { result: None })),
            None
        );
        assert_eq!(
            row.finish(&result(1, "w2", Outcome::Completed { result: None })),
            None
        );
        assert_eq!(row, before);
    }

    #[test]
    fn handing_back_counts_neither_failure_nor_crash() {
        let mut row = started();
        let back = result(
            1,
            "w1",
            Outcome::HandedBack {
                run_at: Timestamp::UNIX_EPOCH,
            },
        );
        assert_eq!(row.finish(&back), Some(EventType::Retrying));
        assert_eq!((row.failures, row.crashes, row.attempt), (0, 0, 1));
        assert_eq!(row.wake_at, Some(Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn crashes_retry_until_the_limit_and_then_quarantine() {
        let mut row = started();
        assert_eq!(row.crash(Timestamp::UNIX_EPOCH), EventType::Retrying);
        row.start("w2", 2);
        assert_eq!(row.crash(Timestamp::UNIX_EPOCH), EventType::Retrying);
        row.start("w3", 3);
        assert_eq!(row.crash(Timestamp::UNIX_EPOCH), EventType::Quarantined);
        assert_eq!(
            (row.status, row.wake_at, row.failures),
            (JobStatus::Quarantined, None, 0)
        );
    }
}
