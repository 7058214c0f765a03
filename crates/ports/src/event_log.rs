//! The event log: the history of everything, derived from the events on the bus.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contracts::{DeadLetter, EventType};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{Cursor, Page, StoreError};

/// An event as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Kept once under this identifier.
    pub event_id: Uuid,
    /// Whose event.
    pub job_id: Uuid,
    /// What happened.
    pub event_type: EventType,
    /// When it happened, by its producer's clock.
    pub occurred_at: Timestamp,
    /// The whole envelope, JSON text.
    pub body: Bytes,
}

/// A dead letter with its place in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredDeadLetter {
    /// Names it.
    pub id: Uuid,
    /// The letter.
    pub letter: DeadLetter,
}

/// Which events a list shows; all conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventQuery {
    /// Only this job's.
    pub job_id: Option<Uuid>,
    /// Only this type.
    pub event_type: Option<EventType>,
}

/// The event log. Everything in it may be dropped and rebuilt from the job store, but for dead letters.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Keeps events that are not known yet, in any order. Returns how many were new.
    async fn append(&self, events: Vec<LoggedEvent>) -> Result<usize, StoreError>;

    /// Events by arrival, newest first.
    async fn events(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError>;

    /// Keeps dead letters; a known identifier is left alone.
    async fn append_dead_letters(&self, letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError>;

    /// Dead letters by arrival, newest first.
    async fn dead_letters(
        &self,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError>;

    /// Removes events and dead letters that were kept before `before`, at most `limit` of each. Returns how
    /// many went.
    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Whether the log answers, within `limit`.
    async fn ping(&self, limit: Duration) -> Result<(), StoreError>;
}
