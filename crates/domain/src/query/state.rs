//! The states that one can ask for: those of the contract and three that follow from more than the status.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use contracts::JobStatus;
use jiff::Timestamp;

use super::Facts;

/// A job that could run and has not moved for longer than this is stuck.
pub const STUCK_AFTER: Duration = Duration::from_mins(1);

/// A job whose attempt runs for longer than this is stuck.
pub const STUCK_RUNNING_AFTER: Duration = Duration::from_hours(1);

/// A state that a query can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// One of the contract.
    Status(JobStatus),
    /// Waits because a limit, a pause or a unique key holds it back.
    Held,
    /// Waits, is not held back, and its time has come: the scheduler dispatches it next.
    Due,
    /// Does not move although it should, see [`State::holds`].
    Stuck,
}

impl State {
    /// The states that follow from more than the status.
    pub const DERIVED: [Self; 3] = [Self::Held, Self::Due, Self::Stuck];

    /// Whether the job is in this state at the moment `now`.
    ///
    /// *Stuck* is a job that
    /// - is PENDING (or VALIDATED), is not held back, and has not changed for [`STUCK_AFTER`];
    /// - is SCHEDULED or RETRYING, is not held back, and was due [`STUCK_AFTER`] ago;
    /// - is EXECUTING and has not changed for [`STUCK_RUNNING_AFTER`].
    pub fn holds(self, facts: &Facts<'_>, now: Timestamp) -> bool {
        match self {
            Self::Status(status) => facts.status == status,
            Self::Held => waits(facts.status) && facts.held.is_some(),
            Self::Due => waits(facts.status) && facts.held.is_none() && due(facts, now),
            Self::Stuck => stuck(facts, now),
        }
    }
}

fn waits(status: JobStatus) -> bool {
    !status.is_terminal() && status != JobStatus::Executing
}

fn due(facts: &Facts<'_>, at: Timestamp) -> bool {
    facts.wake_at.is_some_and(|wake_at| wake_at <= at)
}

fn stuck(facts: &Facts<'_>, now: Timestamp) -> bool {
    let before = |limit: Duration| now.saturating_sub(limit).unwrap_or(Timestamp::MIN);
    let free = facts.held.is_none();
    match facts.status {
        JobStatus::Pending | JobStatus::Validated => free && facts.updated_at < before(STUCK_AFTER),
        JobStatus::Scheduled | JobStatus::Retrying => free && due(facts, before(STUCK_AFTER)),
        JobStatus::Executing => facts.updated_at < before(STUCK_RUNNING_AFTER),
        _ => false,
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => f.write_str(&status.as_str().to_ascii_lowercase()),
            Self::Held => f.write_str("held"),
            Self::Due => f.write_str("due"),
            Self::Stuck => f.write_str("stuck"),
        }
    }
}

/// A name that is no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown state")]
pub struct UnknownState;

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let derived = Self::DERIVED
            .into_iter()
            .find(|state| state.to_string().eq_ignore_ascii_case(name));
        let status = || name.parse().map(Self::Status).ok();
        derived.or_else(status).ok_or(UnknownState)
    }
}
