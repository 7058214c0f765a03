//! The event log: the history of everything, derived from the events on the bus.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use contracts::{DeadLetter, EventType};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
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
    /// What has become of it.
    pub state: LetterState,
}

/// What has become of a dead letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LetterState {
    /// Nobody has dealt with it.
    #[default]
    Open,
    /// It was published again, as it was or corrected.
    Replayed,
    /// Somebody decided that nothing follows.
    Discarded,
}

/// Events in the order of their arrival, and where to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The events, oldest first.
    pub events: Vec<LoggedEvent>,
    /// The place behind them.
    pub cursor: Cursor,
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

    /// The events that arrived after `after`, oldest first, at most `limit`; none, and the present end of the log,
    /// without `after`. Every event is given to whoever goes on from the cursor, none twice. Where events behind the
    /// cursor have been pruned, it goes on with the oldest that is there.
    async fn follow(&self, after: Option<&Cursor>, limit: usize) -> Result<Followed, StoreError>;

    /// Keeps dead letters; a known identifier is left alone.
    async fn append_dead_letters(&self, letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError>;

    /// One dead letter.
    async fn dead_letter(&self, id: Uuid) -> Result<Option<StoredDeadLetter>, StoreError>;

    /// Says what has become of open dead letters; those that are not open, or not there, are left alone. Returns
    /// which ones were changed.
    async fn settle_dead_letters(&self, ids: Vec<Uuid>, state: LetterState) -> Result<Vec<Uuid>, StoreError>;

    /// How many dead letters are open.
    async fn open_dead_letters(&self) -> Result<u64, StoreError>;

    /// Dead letters by arrival, newest first, of one state or all.
    async fn dead_letters(
        &self,
        state: Option<LetterState>,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError>;

    /// Removes events and dead letters that were kept before `before`, at most `limit` of each. Returns how
    /// many went.
    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Whether the log answers, within `limit`.
    async fn ping(&self, limit: Duration) -> Result<(), StoreError>;
}
