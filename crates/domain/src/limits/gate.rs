//! Whether a job may start.

use jiff::Timestamp;

use super::{Bucket, Hold, Limits};

/// What there is to know when a job wants to start.
#[derive(Clone, Copy, Debug)]
pub struct Gate<'a> {
    /// Whether everything is paused.
    pub all_paused: bool,
    /// The limits of the job's type.
    pub limits: &'a Limits,
    /// How many jobs of the type run.
    pub running: u32,
    /// Whether other jobs of the type are held back for concurrency or rate.
    pub others_wait: bool,
    /// Whether the job was itself held back and is let go by the scheduler, whose order is the fair one.
    pub is_released: bool,
}

/// Whether a job may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may, and its token is taken.
    Open,
    /// It waits.
    Hold {
        /// Why.
        reason: Hold,
        /// When the scheduler looks at it again. `None` where an event ends the wait: somebody resumes the type, a
        /// running job ends, a job before it starts. A store that could lose such an event looks again anyway.
        look_again_at: Option<Timestamp>,
    },
}

impl Verdict {
    const fn hold(reason: Hold, look_again_at: Option<Timestamp>) -> Self {
        Self::Hold {
            reason,
            look_again_at,
        }
    }
}

/// Decides whether a job may start, and takes its token from the bucket of its type if it may. A type that has
/// no bucket yet gets a full one.
///
/// A pause comes before everything. A fresh job does not overtake those that already wait for a limit of its type.
/// The token is taken last, so that nothing is paid for a job that then waits for something else. Uniqueness is
/// decided where the key is reserved.
pub fn gate(gate: &Gate<'_>, bucket: &mut Option<Bucket>, now: Timestamp) -> Verdict {
    let (concurrency, rate) = (gate.limits.concurrency, gate.limits.rate);
    if gate.limits.paused || gate.all_paused {
        return Verdict::hold(Hold::Paused, None);
    }
    if concurrency.is_some_and(|most| gate.running >= most.get()) {
        return Verdict::hold(Hold::Concurrency, None);
    }
    let queues = gate.others_wait && !gate.is_released;
    match (concurrency, rate) {
        (_, Some(_)) if queues => Verdict::hold(Hold::Rate, None),
        (Some(_), None) if queues => Verdict::hold(Hold::Concurrency, None),
        (_, None) => Verdict::Open,
        (_, Some(rate)) => match bucket
            .get_or_insert_with(|| Bucket::full(&rate, now))
            .take(&rate, now)
        {
            Ok(()) => Verdict::Open,
            Err(next) => Verdict::hold(Hold::Rate, Some(next)),
        },
    }
}
