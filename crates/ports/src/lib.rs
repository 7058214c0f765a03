//! The four ports: everything the services need of the outside world.
//!
//! | port | keeps | embedded | production |
//! |---|---|---|---|
//! | [`EventBus`] | messages until they are acknowledged | SQLite | RabbitMQ |
//! | [`JobStore`] | jobs, authoritative: state, attempts, their own history | SQLite | PostgreSQL |
//! | [`EventLog`] | events and dead letters, derived | SQLite | MongoDB |
//! | [`LiveStats`] | counters, derived | SQLite | Redis |
//!
//! An adapter implements one trait and passes its suite in [`conformance`] unchanged. Time-outs, metrics
//! and injected faults are wrappers that implement the same trait.

mod bus;
#[cfg(feature = "conformance")]
pub mod conformance;
mod dead_letter;
mod error;
mod event_log;
mod job_store;
mod live_stats;
mod pace;
mod page;
mod patience;

pub use bus::{
    DELIVERY_LIMIT, Delivery, DeliveryTag, Event, EventBus, Headers, Message, Parcel, Queue, QueueDepth,
    Settle, Subscription, parcels, routing,
};
pub use dead_letter::dead_letter_message;
pub use error::{BusError, StoreError};
pub use event_log::{EventLog, EventQuery, Followed, LetterState, LoggedEvent, StoredDeadLetter};
pub use job_store::{
    AllLimits, AttemptLog, Claim, ClaimRequest, ClaimTicket, Command, CommandOutcome, Dispatch, JobDetail,
    JobJournal, JobStore, JobSummary, LimitChange, MAX_LIMITED_TYPES, MAX_SCHEDULES, NewJob, OutboxEntry,
    Post, Precondition, Recorded, Reservation, Reserved, SCHEDULE_GRACE, Started,
};
pub use live_stats::{
    ErrorGroup, Failure, LiveStats, MAX_ERROR_GROUPS, MAX_TYPES, OTHER_TYPES, StatEvent, StatsBucket,
    StatsSnapshot, TypeStats,
};
pub use pace::Pace;
pub use page::{Cursor, MalformedCursor, Page};
pub use patience::{GaveUp, Transient, persist};
