//! The rules of a job's life, as pure functions: no I/O, no clock, no randomness of their own.
//!
//! Start reading at [`Row`], what a store knows of a job, and [`claim::decide`], the rule that makes a
//! message a hint and the row the decision. Every adapter of the job store calls these rules, or proves by
//! the conformance suite that its query language says the same.

pub mod claim;
mod clock;
mod event;
mod ids;
mod retry;
mod row;

pub use clock::{Clock, ManualClock, SystemClock};
pub use event::{EventPayload, JobEvent, event_id};
pub use ids::{Ids, RandomIds, SeededIds};
pub use retry::{CRASH_LIMIT, CrashVerdict, RetryPolicy, after_crash};
pub use row::{AttemptResult, Outcome, Row};
