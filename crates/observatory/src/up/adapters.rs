//! Which adapters the services get: decided here and nowhere else.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::{EventBus, EventLog, JobStore, LiveStats};

/// The four ports, whatever is behind them.
pub(super) struct Adapters {
    pub(super) bus: Arc<dyn EventBus>,
    pub(super) jobs: Arc<dyn JobStore>,
    pub(super) events: Arc<dyn EventLog>,
    pub(super) stats: Arc<dyn LiveStats>,
    database: Database,
}

impl Adapters {
    /// Makes everything durable and lets go of it.
    pub(super) fn close(self) {
        self.database.close();
    }
}

/// Where the four ports lead.
#[derive(Clone, Debug)]
pub(super) enum Location {
    /// One SQLite file in this directory.
    Embedded(PathBuf),
}

/// Opens the adapters.
///
/// # Errors
/// In words for a person.
pub(super) fn open(location: &Location) -> anyhow::Result<Adapters> {
    match location {
        Location::Embedded(directory) => embedded(directory),
    }
}

fn embedded(directory: &Path) -> anyhow::Result<Adapters> {
    let options = OpenOptions::new(Arc::new(SystemClock));
    let database = Database::open(directory, options)
        .with_context(|| format!("cannot open the data in {}", directory.display()))?;
    Ok(Adapters {
        bus: database.bus(),
        jobs: database.job_store(),
        events: database.event_log(),
        stats: database.live_stats(),
        database,
    })
}
