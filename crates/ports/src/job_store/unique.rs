//! Unique keys: at most one job that has not ended under each.

use jiff::Timestamp;
use uuid::Uuid;

/// A wish for a key, before its job is published.
///
/// The job owns the key from its admission until its terminal event. A reservation whose job never arrives ends at
/// `until`; if the job comes all the same, after another one took the key, it waits ([`domain::limits::Hold::Unique`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reservation {
    /// The key.
    pub key: String,
    /// For which job. Repeating the wish for the same job is no conflict.
    pub job_id: Uuid,
    /// Until when.
    pub until: Timestamp,
}

/// The answer to a [`Reservation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reserved {
    /// The key is the job's.
    Yours,
    /// The key is this job's.
    HeldBy(Uuid),
}
