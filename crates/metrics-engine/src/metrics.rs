//! What the engine counts of itself.

use prometheus::IntCounter;
use service::metrics::{Metrics, MetricsError};

/// Every metric of a metrics engine.
#[derive(Clone, Debug)]
pub struct EngineMetrics {
    /// Events that were new to the event log.
    pub applied: IntCounter,
    /// Events that were known already.
    pub duplicates: IntCounter,
    /// Messages that became dead letters here.
    pub rejected: IntCounter,
    /// Rebuilds that have ended.
    pub rebuilds: IntCounter,
    /// Events that rebuilds have added.
    pub rebuilt_events: IntCounter,
    /// Dead letters, of whatever service, that were kept for people to read.
    pub dead_letters: IntCounter,
}

impl EngineMetrics {
    /// Makes the metrics and registers them.
    ///
    /// # Errors
    /// When a name is taken.
    pub fn register(metrics: &Metrics) -> Result<Self, MetricsError> {
        Ok(Self {
            applied: metrics.counter(
                "metrics_engine_events_applied_total",
                "events new to the event log",
            )?,
            duplicates: metrics.counter("metrics_engine_events_duplicate_total", "events known already")?,
            rejected: metrics.counter("metrics_engine_events_rejected_total", "messages dead-lettered")?,
            rebuilds: metrics.counter(
                "metrics_engine_rebuilds_total",
                "rebuilds of derived data that have ended",
            )?,
            rebuilt_events: metrics.counter(
                "metrics_engine_rebuilt_events_total",
                "events that rebuilds have added",
            )?,
            dead_letters: metrics.counter("metrics_engine_dead_letters_total", "dead letters kept")?,
        })
    }
}
