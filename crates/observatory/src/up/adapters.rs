//! Which adapters the services get. The URL's scheme decides, here and nowhere else.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::{EventBus, EventLog, JobStore, LiveStats};

use super::UpArgs;

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

/// Opens the adapters that `url` names.
///
/// # Errors
/// In words for a person.
pub(super) fn open(url: &str, _: &UpArgs) -> anyhow::Result<Adapters> {
    let Some((scheme, rest)) = url.split_once(':') else {
        bail!("`{url}` is no URL")
    };
    match scheme {
        "sqlite" => embedded(Path::new(rest)),
        _ => bail!("no adapter for `{scheme}:` URLs in this build (known: sqlite:)"),
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
