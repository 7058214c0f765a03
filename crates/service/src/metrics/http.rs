//! How long requests take, by route: nothing that a client chooses becomes a label.

use std::time::Duration;

use http::{Method, StatusCode};
use prometheus::HistogramVec;

use super::{Metrics, MetricsError};

/// In seconds; from half a millisecond, since most answers take about that.
const BUCKETS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// The histogram `http_request_duration_seconds`.
#[derive(Clone, Debug)]
pub struct HttpMetrics(HistogramVec);

impl HttpMetrics {
    /// Makes the histogram.
    ///
    /// # Errors
    /// When the registry has one.
    pub fn register(metrics: &Metrics) -> Result<Self, MetricsError> {
        let help = "How long requests took, by route, method and status.";
        let labels = ["route", "method", "status"];
        metrics
            .histograms("http_request_duration_seconds", help, &labels, &BUCKETS)
            .map(Self)
    }

    /// Counts one request; `route` is the pattern that it matched.
    pub fn observe(&self, route: Option<&str>, method: &Method, status: StatusCode, took: Duration) {
        let labels = [route.unwrap_or("unmatched"), bounded(method), status.as_str()];
        self.0.with_label_values(&labels).observe(took.as_secs_f64());
    }
}

fn bounded(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
