//! The rules of a job's life, as pure functions: no I/O, no clock, no randomness of their own.
//!
//! Start reading at [`Row`], what a store knows of a job, and [`claim::decide`], the rule that makes a
//! message a hint and the row the decision. Every adapter of the job store calls these rules, or proves by
//! the conformance suite that its query language says the same.
//!
//! Beside the life of one job there are the rules about many: [`query`] finds them, [`schedule`] makes them,
//! [`limits`] holds them back, and [`fingerprint`] groups their errors.

pub mod claim;
mod clock;
pub mod duration;
mod event;
pub mod fingerprint;
mod ids;
pub mod limits;
mod log_line;
pub mod query;
mod retry;
mod row;
pub mod schedule;
mod stable_hash;
pub mod suggest;

pub use clock::{Clock, ManualClock, SystemClock};
pub use event::{EventPayload, JobEvent, event_id, event_id_in_round};
pub use ids::{Ids, RandomIds, SeededIds};
pub use log_line::{LogLine, MAX_LOG_LINE, MAX_LOG_LINES};
pub use retry::{CRASH_LIMIT, CrashVerdict, RetryPolicy, after_crash};
pub use row::{AttemptResult, Cancelled, Outcome, Row};
