//! What clients want of jobs that are there.

use contracts::JobStatus;

/// A wish for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Withdraw it: at once where it waits, by way of its worker where it runs.
    Cancel,
    /// Begin a new round of a job that ended without a result.
    Retry,
    /// Forget a job that has ended. Its events and counters stay.
    Delete,
}

/// What a wish came to. Every one that can be repeated may be: the second time says what it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandOutcome {
    /// It is done, and its event, if it has one, is in the outbox.
    Done,
    /// The job runs; its worker will end it ([`super::JobStore::cancellations`]).
    Requested,
    /// A job in this state cannot do that: it has ended, or has not, or has a result.
    Conflict(JobStatus),
    /// There is no such job.
    Unknown,
}
