//! The engine as a whole.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use domain::Clock;
use ports::{EventBus, EventLog, JobStore, LiveStats};
use tokio_util::sync::CancellationToken;

use crate::metrics::EngineMetrics;
use crate::rebuild::Desk;
use crate::{events, letters, rebuild, retention, routes};

/// Settings of a metrics engine.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// Names this process in the events that it rebuilds.
    pub instance_id: Cow<'static, str>,
    /// How many messages are held unacknowledged, and at most applied in one transaction.
    pub prefetch: usize,
    /// How long events, dead letters and minute counters are kept.
    pub retention: Duration,
    /// How often old ones are removed.
    pub retention_tick: Duration,
    /// How often the live stats are asked whether they are complete.
    pub completeness_tick: Duration,
    /// How long a processor may hold messages of the ledger that the depth of the queue does not tell of: those of
    /// other processes, where the bus is a broker.
    pub ledger_settle: Duration,
    /// Longest wait for one call on a port before it counts as failed.
    pub call_limit: Duration,
    /// How far batches of events are apart under load. The price is how late numbers are.
    pub pace: Duration,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            instance_id: "metrics-engine".into(),
            prefetch: 2048,
            retention: Duration::from_hours(7 * 24),
            retention_tick: Duration::from_mins(1),
            completeness_tick: Duration::from_secs(5),
            ledger_settle: Duration::from_secs(10),
            call_limit: Duration::from_secs(10),
            pace: Duration::ZERO,
        }
    }
}

/// What a metrics engine is made of.
pub struct EngineDeps {
    /// Where events come from.
    pub bus: Arc<dyn EventBus>,
    /// Where their histories are, for rebuilding what follows from them.
    pub jobs: Arc<dyn JobStore>,
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
pub struct MetricsEngine {
    deps: Arc<EngineDeps>,
    desk: Arc<Desk>,
}

impl MetricsEngine {
    /// Puts an engine together.
    pub fn new(deps: EngineDeps) -> Self {
        Self {
            deps: Arc::new(deps),
            desk: Arc::default(),
        }
    }

    /// `GET /rebuild` and `POST /rebuild/{what}`, for an admin listener.
    pub fn admin_routes(&self) -> Router {
        routes::router(Arc::clone(&self.desk))
    }

    /// Runs until `stop` is cancelled. What was applied and not acknowledged then comes again and is
    /// recognised.
    pub async fn run(self, stop: CancellationToken) {
        tokio::join!(
            events::run(&self.deps, &stop),
            letters::run(&self.deps, &stop),
            retention::run(&self.deps, &stop),
            rebuild::run(&self.deps, &self.desk, &stop),
        );
    }
}
