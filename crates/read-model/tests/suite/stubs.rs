//! Ports that give what a test put into them. What the read model must never call, panics.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{
    BusError, Claim, ClaimRequest, ClaimTicket, Cursor, Dispatch, EventBus, EventLog, EventQuery, JobDetail,
    JobFilter, JobStore, JobSummary, LiveStats, LoggedEvent, NewJob, OutboxEntry, Page, Parcel, Queue,
    QueueDepth, Recorded, StatEvent, StatsBucket, StatsSnapshot, StoreError, StoredDeadLetter, Subscription,
};
use uuid::Uuid;

/// How a stub behaves.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mood {
    #[default]
    Fine,
    Fails(StoreError),
    Hangs,
}

/// Everything that the stubs know, and what they were asked.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) mood: Mutex<Mood>,
    pub(crate) jobs: Mutex<Vec<JobSummary>>,
    pub(crate) details: Mutex<Vec<JobDetail>>,
    pub(crate) events: Mutex<Vec<LoggedEvent>>,
    pub(crate) letters: Mutex<Vec<StoredDeadLetter>>,
    pub(crate) snapshot: Mutex<StatsSnapshot>,
    pub(crate) history: Mutex<Vec<StatsBucket>>,
    pub(crate) depths: Mutex<Option<Vec<QueueDepth>>>,
    pub(crate) asked: Mutex<Vec<String>>,
}

impl World {
    async fn answer<T>(&self, question: String, answer: impl FnOnce(&Self) -> T) -> Result<T, StoreError> {
        self.asked.lock().unwrap().push(question);
        let mood = self.mood.lock().unwrap().clone();
        match mood {
            Mood::Fine => Ok(answer(self)),
            Mood::Fails(error) => Err(error),
            Mood::Hangs => std::future::pending().await,
        }
    }
}

/// A page of `all`, whose cursors are positions.
fn page<T: Clone>(all: &[T], cursor: Option<&Cursor>, limit: usize) -> Page<T> {
    let start: usize = cursor.map_or(0, |cursor| cursor.as_str().parse().unwrap());
    let end = all.len().min(start + limit);
    Page {
        items: all[start..end].to_vec(),
        next: (end < all.len()).then(|| Cursor::new(end.to_string())),
    }
}

pub(crate) struct StubJobs(pub(crate) Arc<World>);
pub(crate) struct StubEvents(pub(crate) Arc<World>);
pub(crate) struct StubStats(pub(crate) Arc<World>);
pub(crate) struct StubBus(pub(crate) Arc<World>);

const READ_ONLY: &str = "the read model only reads";

#[async_trait]
impl JobStore for StubJobs {
    async fn job(&self, id: Uuid) -> Result<Option<JobDetail>, StoreError> {
        let find = |world: &World| {
            world
                .details
                .lock()
                .unwrap()
                .iter()
                .find(|job| job.summary.id == id)
                .cloned()
        };
        self.0.answer(format!("job {id}"), find).await
    }

    async fn list(
        &self,
        filter: &JobFilter,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<JobSummary>, StoreError> {
        let question = format!("list {filter:?} {cursor:?} {limit}");
        self.0
            .answer(question, |world| page(&world.jobs.lock().unwrap(), cursor, limit))
            .await
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        self.0.answer("ping".into(), |_| ()).await
    }

    async fn admit(&self, _: Vec<NewJob>, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn claim(&self, _: &ClaimTicket, _: Vec<ClaimRequest>) -> Result<Vec<Claim>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn record(&self, _: Vec<domain::AttemptResult>) -> Result<Vec<Recorded>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn heartbeat(&self, _: &str, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn retire(&self, _: &str) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn reap(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn take_due(&self, _: Timestamp, _: Timestamp, _: usize) -> Result<Vec<Dispatch>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn put_off(&self, _: Vec<(Uuid, u32)>, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn outbox(&self, _: usize) -> Result<Vec<OutboxEntry>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn clear_outbox(&self, _: Vec<u64>) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn prune(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
}

#[async_trait]
impl EventLog for StubEvents {
    async fn events(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError> {
        let question = format!("events {query:?} {cursor:?} {limit}");
        self.0
            .answer(question, |world| {
                page(&world.events.lock().unwrap(), cursor, limit)
            })
            .await
    }

    async fn dead_letters(
        &self,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError> {
        let question = format!("dead letters {cursor:?} {limit}");
        self.0
            .answer(question, |world| {
                page(&world.letters.lock().unwrap(), cursor, limit)
            })
            .await
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        self.0.answer("ping".into(), |_| ()).await
    }

    async fn append(&self, _: Vec<LoggedEvent>) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn append_dead_letters(&self, _: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn prune(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
}

#[async_trait]
impl LiveStats for StubStats {
    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError> {
        self.0
            .answer("snapshot".into(), |world| world.snapshot.lock().unwrap().clone())
            .await
    }

    async fn history(&self, since: Timestamp) -> Result<Vec<StatsBucket>, StoreError> {
        self.0
            .answer(format!("history {since}"), |world| {
                world.history.lock().unwrap().clone()
            })
            .await
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        self.0.answer("ping".into(), |_| ()).await
    }

    async fn apply(&self, _: Vec<StatEvent>) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn prune(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
}

#[async_trait]
impl EventBus for StubBus {
    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        let depths = self.0.depths.lock().unwrap().clone();
        depths.ok_or_else(|| BusError::Unavailable("connection refused".into()))
    }

    async fn publish(&self, _: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        unreachable!("{READ_ONLY}")
    }
    async fn subscribe(&self, _: Queue, _: usize) -> Result<Arc<dyn Subscription>, BusError> {
        unreachable!("{READ_ONLY}")
    }
    async fn ping(&self, _: Duration) -> Result<(), BusError> {
        unreachable!("the read model does not need the bus")
    }
}
