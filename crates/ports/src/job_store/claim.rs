//! What workers ask and say.

use std::sync::Arc;

use domain::JobEvent;
use jiff::Timestamp;

use super::NewJob;

/// A message's wish for an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimRequest {
    /// The job, stored if it is not known yet and `attempt` is 1.
    pub job: Arc<NewJob>,
    /// Which attempt the message asks for; 1 is the first.
    pub attempt: u32,
    /// Whether the scheduler sent it, because the job's time has come; otherwise it announces the job.
    pub dispatched: bool,
}

/// Who claims, once per call: repeating a call with the same ticket repeats its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimTicket {
    /// The worker, which must have a lease (see [`JobStore::heartbeat`]).
    pub worker: String,
    /// A number never used before; at most 63 bits, not 0.
    pub claim: u64,
    /// The claim's moment.
    pub now: Timestamp,
}

/// The answer to one [`ClaimRequest`]; `domain::claim::decide` is the rule behind it.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// The worker holds the attempt and must report its result under this token.
    Started(Started),
    /// Somebody else holds the job, and its events are safe in the outbox: ack the message.
    Held,
    /// The job waits for its time, for room under its type's limits, or for its unique key: the row says which, and
    /// the scheduler brings it back. Publish these events, then ack.
    Waits(Vec<JobEvent>),
    /// The job has moved on. Publish these events again, then ack. (Without `job.created`, which every
    /// consumer had from the message itself.)
    Passed(Vec<JobEvent>),
}

/// A granted attempt.
#[derive(Clone, Debug, PartialEq)]
pub struct Started {
    /// The fencing token.
    pub attempt: u32,
    /// How many attempts have failed before.
    pub failures: u32,
    /// The transition's event, to be published.
    pub event: JobEvent,
}

/// The answer to a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Recorded {
    /// The result stands. The same result again gives the same answer.
    Applied {
        /// Its event, to be published.
        event: JobEvent,
        /// Whether a job that was held back may start now: worth a look of the scheduler.
        makes_room: bool,
    },
    /// The attempt is not the worker's any more: nothing was changed.
    Stale,
}
