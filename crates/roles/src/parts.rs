//! What roles are put together of.

use std::sync::Arc;

use domain::{Clock, Ids, RandomIds, SystemClock};
use ports::{EventBus, EventLog, JobStore, LiveStats};
use service::ask::Part;
use service::health::Health;

/// The time and the names of this process.
pub(crate) struct Basics {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
}

impl Basics {
    pub(crate) fn new() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        }
    }

    /// A name that nobody ever had.
    pub(crate) fn unique(&self) -> String {
        self.ids.next().simple().to_string()
    }
}

/// Readiness needs the bus.
pub(crate) fn needs_bus(health: Health, bus: &Arc<dyn EventBus>) -> Health {
    let bus = Arc::clone(bus);
    health.part("bus", move |limit| {
        let bus = Arc::clone(&bus);
        async move { bus.ping(limit).await }
    })
}

/// Readiness needs the job store.
pub(crate) fn needs_jobs(health: Health, jobs: &Arc<dyn JobStore>) -> Health {
    let jobs = Arc::clone(jobs);
    health.part(Part::JobStore.name(), move |limit| {
        let jobs = Arc::clone(&jobs);
        async move { jobs.ping(limit).await }
    })
}

/// Readiness needs the event log.
pub(crate) fn needs_events(health: Health, events: &Arc<dyn EventLog>) -> Health {
    let events = Arc::clone(events);
    health.part(Part::EventLog.name(), move |limit| {
        let events = Arc::clone(&events);
        async move { events.ping(limit).await }
    })
}

/// Readiness needs the live stats.
pub(crate) fn needs_stats(health: Health, stats: &Arc<dyn LiveStats>) -> Health {
    let stats = Arc::clone(stats);
    health.part(Part::LiveStats.name(), move |limit| {
        let stats = Arc::clone(&stats);
        async move { stats.ping(limit).await }
    })
}
