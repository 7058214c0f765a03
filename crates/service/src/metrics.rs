//! Metrics in the Prometheus format: a registry per service.

mod http;
mod labels;
mod process;

use ::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use prometheus::core::Collector;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder,
};

use crate::problem::Problem;
pub use http::HttpMetrics;
pub use labels::{MAX_LABELS, OTHER_LABEL, TypeCounter};

/// The metrics of one service. Every one carries the label `service`.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Registry,
    process: process::ProcessMetrics,
}

/// Why a metric could not be made: its name is taken or no name.
pub use prometheus::Error as MetricsError;

impl Metrics {
    /// An empty registry with the metrics of the process.
    ///
    /// # Errors
    /// None for a service's name that fits into a label.
    pub fn new(service: &str) -> Result<Self, MetricsError> {
        let labels = [("service".to_owned(), service.to_owned())].into();
        let registry = Registry::new_custom(None, Some(labels))?;
        let process = process::ProcessMetrics::register(&registry)?;
        Ok(Self { registry, process })
    }

    /// Adds a metric that was made elsewhere.
    ///
    /// # Errors
    /// When its name is taken.
    pub fn register<C: Collector + Clone + 'static>(&self, metric: C) -> Result<C, MetricsError> {
        self.registry.register(Box::new(metric.clone()))?;
        Ok(metric)
    }

    /// Makes a counter.
    ///
    /// # Errors
    /// When the name is taken or no name; so for all that follow.
    pub fn counter(&self, name: &str, help: &str) -> Result<IntCounter, MetricsError> {
        self.register(IntCounter::new(name, help)?)
    }

    /// Makes a counter with labels.
    pub fn counters(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntCounterVec, MetricsError> {
        self.register(IntCounterVec::new(Opts::new(name, help), labels)?)
    }

    /// Makes a gauge.
    pub fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, MetricsError> {
        self.register(IntGauge::new(name, help)?)
    }

    /// Makes a gauge with labels.
    pub fn gauges(&self, name: &str, help: &str, labels: &[&str]) -> Result<IntGaugeVec, MetricsError> {
        self.register(IntGaugeVec::new(Opts::new(name, help), labels)?)
    }

    /// Makes a histogram.
    pub fn histogram(&self, name: &str, help: &str, buckets: &[f64]) -> Result<Histogram, MetricsError> {
        self.register(Histogram::with_opts(
            HistogramOpts::new(name, help).buckets(buckets.to_vec()),
        )?)
    }

    /// Makes a histogram with labels.
    pub fn histograms(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
        buckets: &[f64],
    ) -> Result<HistogramVec, MetricsError> {
        let options = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.register(HistogramVec::new(options, labels)?)
    }

    /// Everything in the text format, the numbers of the process read afresh.
    ///
    /// # Errors
    /// None in practice: the metrics come from a registry.
    pub fn text(&self) -> Result<String, MetricsError> {
        self.process.refresh();
        TextEncoder::new().encode_to_string(&self.registry.gather())
    }

    /// The answer to `GET /metrics`.
    pub fn response(&self) -> Response {
        match self.text() {
            Ok(text) => (
                [(CONTENT_TYPE, TextEncoder::new().format_type().to_owned())],
                text,
            )
                .into_response(),
            Err(error) => {
                tracing::error!(%error, "failed to write metrics");
                Problem::internal().into_response()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_names_its_service() {
        let metrics = Metrics::new("gateway").unwrap();
        metrics.counter("things_total", "Things.").unwrap().inc();
        assert!(
            metrics
                .text()
                .unwrap()
                .contains("things_total{service=\"gateway\"} 1")
        );
    }

    #[test]
    fn a_name_is_given_once() {
        let metrics = Metrics::new("gateway").unwrap();
        assert!(metrics.gauge("things", "Things.").is_ok());
        assert!(metrics.gauge("things", "Things.").is_err());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_process_is_measured() {
        let text = Metrics::new("x").unwrap().text().unwrap();
        for name in [
            "process_resident_memory_bytes",
            "process_open_fds",
            "process_start_time_seconds",
        ] {
            let line = text.lines().find(|line| line.starts_with(name)).unwrap();
            let value: f64 = line.rsplit(' ').next().unwrap().parse().unwrap();
            assert!(value > 0.0, "{line}");
        }
    }
}
