//! Live stats: counters, derived from the events on the bus.

use std::time::Duration;

use async_trait::async_trait;
use contracts::EventType;
use domain::fingerprint::Fingerprint;
use jiff::Timestamp;
use uuid::Uuid;

use crate::StoreError;

/// What the counters need of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatEvent {
    /// Applied once under this identifier.
    pub event_id: Uuid,
    /// Whose event.
    pub job_id: Uuid,
    /// The job's type.
    pub job_type: String,
    /// What happened.
    pub event_type: EventType,
    /// When it happened, by its producer's clock.
    pub at: Timestamp,
    /// Whether an attempt ended with it. A retry that a client asked for, and the withdrawal of a job that waited, end
    /// none.
    pub attempt_ended: bool,
    /// Why, where it did not go well.
    pub failure: Option<Failure>,
}

/// An error as it is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Tells the errors of one cause from those of others.
    pub fingerprint: Fingerprint,
    /// What they have in common ([`domain::fingerprint::normalised`]); the same for all of a fingerprint.
    pub title: String,
}

/// The errors of one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorGroup {
    /// What they have in common.
    pub failure: Failure,
    /// How many there were.
    pub count: u64,
    /// When the first one was.
    pub first_at: Timestamp,
    /// When the latest one was.
    pub last_at: Timestamp,
    /// The job of the latest one; of several at that moment the one with the greatest identifier.
    pub last_job: Uuid,
}

/// The most groups of errors that are kept. Errors of further causes are not grouped until retention has made room:
/// they are counted with their jobs all the same.
pub const MAX_ERROR_GROUPS: usize = 1_000;

/// All counters at one moment. Events commute: the same set in any order gives the same snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatsSnapshot {
    /// How many events of each type were applied; types without any are absent.
    pub events: Vec<(EventType, u64)>,
    /// How many of them ended an attempt, in the same way.
    pub ended: Vec<(EventType, u64)>,
    /// The busiest job types by created jobs, at most [`MAX_TYPES`]; the rest is summed under `other`.
    pub types: Vec<TypeStats>,
    /// The latest [`StatEvent::at`].
    pub last_event: Option<Timestamp>,
}

impl StatsSnapshot {
    /// How many events of a type were applied.
    pub fn count(&self, event_type: EventType) -> u64 {
        of(&self.events, event_type)
    }

    /// How many of the events of a type ended an attempt.
    pub fn ended(&self, event_type: EventType) -> u64 {
        of(&self.ended, event_type)
    }
}

fn of(counts: &[(EventType, u64)], event_type: EventType) -> u64 {
    let counted = counts.iter().find(|(kind, _)| *kind == event_type);
    counted.map_or(0, |(_, count)| *count)
}

/// The most job types that counters tell apart. Types are client input, so their number needs a bound; events
/// of further types count under [`OTHER_TYPES`].
pub const MAX_TYPES: usize = 200;

/// The name under which job types beyond [`MAX_TYPES`] are counted.
pub const OTHER_TYPES: &str = "other";

/// The counters of one job type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypeStats {
    /// The job type.
    pub job_type: String,
    /// Jobs created.
    pub created: u64,
    /// Jobs completed.
    pub completed: u64,
    /// Jobs failed or quarantined.
    pub failed: u64,
}

/// What happened in one minute, by the events' own time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatsBucket {
    /// The start of the minute, in seconds since 1970.
    pub minute: i64,
    /// Jobs created.
    pub created: u64,
    /// Jobs completed.
    pub completed: u64,
    /// Jobs failed or quarantined.
    pub failed: u64,
}

/// The live stats. Everything in them may be dropped and rebuilt from the job store.
#[async_trait]
pub trait LiveStats: Send + Sync {
    /// Applies events that were not applied yet, in any order, all or none. Returns how many were new.
    async fn apply(&self, events: Vec<StatEvent>) -> Result<usize, StoreError>;

    /// All counters.
    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError>;

    /// The minutes from `since` on that had any event, oldest first.
    async fn history(&self, since: Timestamp) -> Result<Vec<StatsBucket>, StoreError>;

    /// The groups of errors, those with the latest error first, at most `limit`.
    async fn errors(&self, limit: usize) -> Result<Vec<ErrorGroup>, StoreError>;

    /// Forgets minutes before `before`, groups whose latest error was before it, and which events were applied before it. The totals stay.
    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Whether the counters have been built from the job store once and not been lost since. Stats that are new, that
    /// were cleared, or whose server came back without its data, are not complete; whoever runs them rebuilds them.
    async fn is_complete(&self) -> Result<bool, StoreError>;

    /// Says that the counters are complete now.
    async fn set_complete(&self) -> Result<(), StoreError>;

    /// Forgets everything: counters, groups, which events were applied, and that they were complete.
    async fn clear(&self) -> Result<(), StoreError>;

    /// Whether the stats answer, within `limit`.
    async fn ping(&self, limit: Duration) -> Result<(), StoreError>;
}
