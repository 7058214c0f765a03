//! The read model's own numbers, and what it is asked for of the queues and the dead letters.

use axum::response::Response;
use ports::QueueDepth;
use prometheus::{IntCounter, IntGauge, IntGaugeVec};
use service::metrics::{HttpMetrics, Metrics, MetricsError};

/// Every metric of a read model.
#[derive(Debug)]
pub(crate) struct ReadModelMetrics {
    registry: Metrics,
    queues: IntGaugeVec,
    dead_letters: IntGaugeVec,
    /// The live stream.
    pub(crate) stream: StreamMetrics,
    /// Durations, by route.
    pub(crate) http: HttpMetrics,
}

/// What is counted of the live stream.
#[derive(Clone, Debug)]
pub(crate) struct StreamMetrics {
    /// Clients that listen now.
    pub(crate) clients: IntGauge,
    /// Clients that were dropped because they did not read.
    pub(crate) dropped: IntCounter,
}

impl StreamMetrics {
    pub(crate) fn register(registry: &Metrics) -> Result<Self, MetricsError> {
        Ok(Self {
            clients: registry.gauge("read_model_stream_clients", "Clients of the live stream.")?,
            dropped: registry.counter(
                "read_model_stream_dropped_total",
                "Clients of the live stream that were dropped because they did not read.",
            )?,
        })
    }
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
            stream: StreamMetrics::register(&registry)?,
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
