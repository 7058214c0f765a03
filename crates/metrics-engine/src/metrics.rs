//! What the engine counts of itself.

use prometheus::{IntCounter, Registry};

/// Every metric of a metrics engine.
#[derive(Clone, Debug)]
pub struct EngineMetrics {
    /// Events that were new to the event log.
    pub applied: IntCounter,
    /// Events that were known already.
    pub duplicates: IntCounter,
    /// Messages that became dead letters here.
    pub rejected: IntCounter,
    /// Dead letters, of whatever service, that were kept for people to read.
    pub dead_letters: IntCounter,
}

impl EngineMetrics {
    /// Makes the metrics and registers them.
    ///
    /// # Errors
    /// [`prometheus::Error`] when a name is taken in `registry`.
    pub fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let counter = |name: &str, help: &str| {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok::<_, prometheus::Error>(counter)
        };
        Ok(Self {
            applied: counter(
                "metrics_engine_events_applied_total",
                "events new to the event log",
            )?,
            duplicates: counter("metrics_engine_events_duplicate_total", "events known already")?,
            rejected: counter("metrics_engine_events_rejected_total", "messages dead-lettered")?,
            dead_letters: counter("metrics_engine_dead_letters_total", "dead letters kept")?,
        })
    }
}
