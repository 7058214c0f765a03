//! Ports that give what a test put into them. What the read model must never call, panics.

mod bus;
mod events;
mod jobs;
mod stats;

use std::sync::Mutex;

use domain::schedule::Schedule;
use ports::{
    AllLimits, Cursor, ErrorGroup, JobDetail, JobSummary, LoggedEvent, Page, QueueDepth, StatsBucket,
    StatsSnapshot, StoreError, StoredDeadLetter,
};

pub(crate) use bus::StubBus;
pub(crate) use events::StubEvents;
pub(crate) use jobs::StubJobs;
pub(crate) use stats::StubStats;

const READ_ONLY: &str = "the read model only reads";

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
    pub(crate) schedules: Mutex<Vec<Schedule>>,
    pub(crate) limits: Mutex<AllLimits>,
    /// Newest first.
    pub(crate) events: Mutex<Vec<LoggedEvent>>,
    /// The same events as a follower gets them, oldest first. Places are positions.
    pub(crate) log: Mutex<Vec<LoggedEvent>>,
    /// Newest first.
    pub(crate) letters: Mutex<Vec<StoredDeadLetter>>,
    pub(crate) snapshot: Mutex<StatsSnapshot>,
    pub(crate) history: Mutex<Vec<StatsBucket>>,
    pub(crate) errors: Mutex<Vec<ErrorGroup>>,
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
