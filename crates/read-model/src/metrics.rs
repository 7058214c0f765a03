//! The read model's own numbers, and how full the queues are.

use axum::response::Response;
use ports::QueueDepth;
use prometheus::IntGaugeVec;
use service::metrics::{HttpMetrics, Metrics, MetricsError};

/// Every metric of a read model.
#[derive(Debug)]
pub(crate) struct ReadModelMetrics {
    registry: Metrics,
    queues: IntGaugeVec,
    dead_letters: IntGaugeVec,
    /// Durations, by route.
    pub(crate) http: HttpMetrics,
}

impl ReadModelMetrics {
    pub(crate) fn new() -> Result<Self, MetricsError> {
        let registry = Metrics::new("read-model")?;
        Ok(Self {
            queues: registry.gauges(
                "observatory_queue_messages",
                "Messages in a queue, by whether a consumer holds them.",
                &["queue", "state"],
            )?,
            dead_letters: registry.gauges(
                "read_model_dead_letters_open",
                "Dead letters that nobody has dealt with.",
                &[],
            )?,
            http: HttpMetrics::register(&registry)?,
            registry,
        })
    }

    /// Sets the depths of the queues; without any, the last ones are dropped rather than repeated.
    pub(crate) fn set_queues(&self, depths: Option<&[QueueDepth]>) {
        self.queues.reset();
        for depth in depths.unwrap_or_default() {
            for (state, messages) in [("ready", depth.ready), ("unacknowledged", depth.unacknowledged)] {
                let gauge = self.queues.with_label_values(&[depth.queue.name(), state]);
                gauge.set(i64::try_from(messages).unwrap_or(i64::MAX));
            }
        }
    }

    /// Sets how many dead letters are open; without an answer the last number is dropped rather than repeated.
    pub(crate) fn set_dead_letters(&self, open: Option<u64>) {
        self.dead_letters.reset();
        if let Some(open) = open {
            let gauge = self.dead_letters.with_label_values::<&str>(&[]);
            gauge.set(i64::try_from(open).unwrap_or(i64::MAX));
        }
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn response(&self) -> Response {
        self.registry.response()
    }
}
