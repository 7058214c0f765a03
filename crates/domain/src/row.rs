//! What a job store knows of a job, and the one place where that knowledge changes.

use contracts::{EventType, JobStatus};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

use crate::limits::Hold;
use crate::{CrashVerdict, LogLine, after_crash};

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
    /// Why it may not start although its time has come. Whoever ends the reason lets it go; until then the scheduler
    /// passes it over.
    pub held: Option<Hold>,
    /// Whether a client wants the running attempt to end.
    pub cancelling: bool,
    /// How often a client has revived the job after its end.
    pub round: u32,
}

/// What a wish to cancel came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// It has not run, and will not.
    Now,
    /// It runs; its worker will be told.
    Requested,
    /// It had ended.
    TooLate,
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
            held: None,
            cancelling: false,
            round: 0,
        }
    }

    /// Starts the next attempt. Call only where [`crate::claim::decide`] says so.
    pub fn start(&mut self, worker: &str, claim: u64) {
        self.status = JobStatus::Executing;
        self.attempt += 1;
        self.worker = Some(worker.to_owned());
        self.claim = claim;
        self.wake_at = None;
        self.held = None;
    }

    /// Puts a job that was accepted off until its time. Call only where [`crate::claim::decide`] says so.
    pub fn schedule(&mut self, run_at: Timestamp) -> EventType {
        self.status = JobStatus::Scheduled;
        self.wake_at = Some(run_at);
        EventType::Scheduled
    }

    /// Holds a waiting job back. `look_again_at` is for reasons that time alone ends.
    pub fn hold(&mut self, reason: Hold, look_again_at: Option<Timestamp>) {
        self.held = Some(reason);
        self.wake_at = look_again_at;
    }

    /// Lets a job go that was held back; it is dispatched again at `wake_at` unless somebody starts it.
    pub fn release(&mut self, wake_at: Timestamp) {
        self.held = None;
        self.wake_at = Some(wake_at);
    }

    /// Withdraws the job: at once where it waits, by way of its worker where it runs.
    pub fn cancel(&mut self) -> Cancelled {
        if self.status.is_terminal() {
            return Cancelled::TooLate;
        }
        if self.status == JobStatus::Executing {
            self.cancelling = true;
            return Cancelled::Requested;
        }
        self.end_cancelled();
        Cancelled::Now
    }

    /// Begins a new round of a job that ended without a result; `None` where it did not. Failures and crashes count
    /// anew, attempts go on counting: they are the fencing token.
    pub fn revive(&mut self, now: Timestamp) -> Option<EventType> {
        if !self.status.is_terminal() || self.status == JobStatus::Completed {
            return None;
        }
        self.status = JobStatus::Retrying;
        self.round += 1;
        self.failures = 0;
        self.crashes = 0;
        self.wake_at = Some(now);
        Some(EventType::Retrying)
    }

    fn end_cancelled(&mut self) -> EventType {
        self.status = JobStatus::Cancelled;
        self.worker = None;
        self.wake_at = None;
        self.held = None;
        self.cancelling = false;
        EventType::Cancelled
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
        if matches!(result.outcome, Outcome::Failed { .. } | Outcome::Retry { .. }) {
            self.failures += 1;
        }
        // What would be followed by another attempt is not, once a client wants none.
        let withdrawn = self.cancelling && result.outcome.run_at().is_some();
        if withdrawn || matches!(result.outcome, Outcome::Cancelled { .. }) {
            return Some(self.end_cancelled());
        }
        let (status, event) = match &result.outcome {
            Outcome::Completed { .. } => (JobStatus::Completed, EventType::Completed),
            Outcome::Failed { .. } | Outcome::Cancelled { .. } => (JobStatus::Failed, EventType::Failed),
            Outcome::Retry { .. } | Outcome::HandedBack { .. } => (JobStatus::Retrying, EventType::Retrying),
        };
        self.status = status;
        self.worker = None;
        self.cancelling = false;
        self.wake_at = result.outcome.run_at();
        Some(event)
    }

    /// Applies the death of the worker that holds the job and names the event.
    pub fn crash(&mut self, now: Timestamp) -> EventType {
        self.crashes += 1;
        if self.cancelling {
            return self.end_cancelled();
        }
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
    /// What its handler wrote down, bounded.
    pub log: Vec<LogLine>,
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
    /// It ended because a client withdrew the job.
    Cancelled {
        /// What the handler said about that.
        reason: String,
    },
}

impl Outcome {
    /// Why it did not go well, where it did not.
    pub fn error(&self) -> Option<&str> {
        match self {
            Self::Completed { .. } => None,
            Self::Retry { error, .. } | Self::Failed { error } => Some(error),
            Self::HandedBack { .. } => Some("handed back by a worker that stops"),
            Self::Cancelled { reason } => Some(reason),
        }
    }

    /// When the next attempt is due, where one follows.
    pub fn run_at(&self) -> Option<Timestamp> {
        match self {
            Self::Retry { run_at, .. } | Self::HandedBack { run_at } => Some(*run_at),
            Self::Completed { .. } | Self::Failed { .. } | Self::Cancelled { .. } => None,
        }
    }

    /// The event that the outcome emits; also how a repeated result recognises itself in the history.
    pub fn event_type(&self) -> EventType {
        match self {
            Self::Completed { .. } => EventType::Completed,
            Self::Failed { .. } => EventType::Failed,
            Self::Retry { .. } | Self::HandedBack { .. } => EventType::Retrying,
            Self::Cancelled { .. } => EventType::Cancelled,
        }
    }
}

#[cfg(test)]
mod tests;
