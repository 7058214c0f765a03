//! The contracts: what crosses a boundary, and the rules by which it may change.
//!
//! The JSON Schemas under `schemas/` are the single source of truth; every service validates with the
//! same compiled [`validator`]. Start reading at [`Envelope`], the one shape of every event on the bus,
//! and [`Job`], what clients submit.

pub mod compat;
mod dead_letter;
mod event;
mod job;
mod pointer;
mod receive;
pub mod schemas;
mod strict;
mod validator;

pub use dead_letter::DeadLetter;
pub use event::{ENVELOPE_VERSION, Envelope, EventType, Producer, UnknownEventType};
pub use job::{Backoff, Job, JobStatus, Priority, RetryOptions, TYPE_LIMIT, UnknownPriority, UnknownStatus};
pub use receive::Rejection;
pub use strict::{
    MAX_DEAD_LETTER_DEPTH, MAX_DEPTH, MAX_EVENT_DEPTH, NumberFault, StrictError, parse_strict,
    parse_strict_within,
};
pub use validator::{MAX_VIOLATIONS, Validator, Violation, validator};
