//! The gateway's own numbers.

use prometheus::{IntCounter, IntCounterVec};
use service::metrics::{HttpMetrics, Metrics, MetricsError, TypeCounter};
use service::problem::Problem;

/// Every metric of a gateway.
#[derive(Debug)]
pub(crate) struct GatewayMetrics {
    registry: Metrics,
    /// Valid submissions, by job type.
    pub(crate) submitted: TypeCounter,
    /// Jobs that the bus has.
    pub(crate) accepted: IntCounter,
    /// Jobs that were turned away, by the kind of problem.
    rejected: IntCounterVec,
    /// Commands on what is there, by kind and outcome.
    commands: IntCounterVec,
    /// Durations, by route.
    pub(crate) http: HttpMetrics,
}

impl GatewayMetrics {
    pub(crate) fn new() -> Result<Self, MetricsError> {
        let registry = Metrics::new("gateway")?;
        Ok(Self {
            submitted: TypeCounter::register(
                &registry,
                "gateway_jobs_submitted_total",
                "Valid submissions, by job type; the types beyond the first 200 count as other.",
            )?,
            accepted: registry.counter(
                "gateway_jobs_accepted_total",
                "Jobs that were accepted and are on the bus.",
            )?,
            rejected: registry.counters(
                "gateway_jobs_rejected_total",
                "Jobs that were turned away, by the kind of problem.",
                &["reason"],
            )?,
            commands: registry.counters(
                "gateway_commands_total",
                "Commands on jobs, limits, schedules and dead letters, by kind and outcome; one over many counts each.",
                &["command", "outcome"],
            )?,
            http: HttpMetrics::register(&registry)?,
            registry,
        })
    }

    /// Counts jobs that were turned away for one reason, which is a kind of problem and so one of few.
    pub(crate) fn reject(&self, reason: &'static str, jobs: usize) {
        self.rejected
            .with_label_values(&[reason])
            .inc_by(u64::try_from(jobs).unwrap_or(u64::MAX));
    }

    /// Counts commands of one kind by what they came to. Both are words of ours, and so few.
    pub(crate) fn command(&self, kind: &'static str, outcome: &'static str, times: u64) {
        self.commands.with_label_values(&[kind, outcome]).inc_by(times);
    }

    /// Counts one command by its answer, and passes the answer on.
    pub(crate) fn counted<T>(&self, kind: &'static str, answer: Result<T, Problem>) -> Result<T, Problem> {
        let outcome = answer.as_ref().map_or_else(Problem::kind, |_| "done");
        self.command(kind, outcome, 1);
        answer
    }

    /// Everything, as Prometheus reads it.
    pub(crate) fn response(&self) -> axum::response::Response {
        self.registry.response()
    }
}
