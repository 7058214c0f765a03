//! The engine as a whole.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use ports::{EventBus, EventLog, LiveStats};
use tokio_util::sync::CancellationToken;

use crate::metrics::EngineMetrics;
use crate::{events, letters, retention};

/// Settings of a metrics engine.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// How many messages are held unacknowledged, and at most applied in one transaction.
    pub prefetch: usize,
    /// How long events, dead letters and minute counters are kept.
    pub retention: Duration,
    /// How often old ones are removed.
    pub retention_tick: Duration,
    /// Longest wait for one call on a port before it counts as failed.
    pub call_limit: Duration,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            prefetch: 2048,
            retention: Duration::from_hours(7 * 24),
            retention_tick: Duration::from_mins(1),
            call_limit: Duration::from_secs(10),
        }
    }
}

/// What a metrics engine is made of.
pub struct EngineDeps {
    /// Where events come from.
    pub bus: Arc<dyn EventBus>,
    /// Where they are counted.
    pub stats: Arc<dyn LiveStats>,
    /// Where they are kept.
    pub log: Arc<dyn EventLog>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What it counts of itself.
    pub metrics: EngineMetrics,
    /// Its settings.
    pub config: EngineConfig,
}

/// The metrics engine.
#[derive(Clone)]
pub struct MetricsEngine(pub(crate) Arc<EngineDeps>);

impl MetricsEngine {
    /// Puts an engine together.
    pub fn new(deps: EngineDeps) -> Self {
        Self(Arc::new(deps))
    }

    /// Runs until `stop` is cancelled. What was applied and not acknowledged then comes again and is
    /// recognised.
    pub async fn run(self, stop: CancellationToken) {
        tokio::join!(
            events::run(&self.0, &stop),
            letters::run(&self.0, &stop),
            retention::run(&self.0, &stop)
        );
    }
}
