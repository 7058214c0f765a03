//! The processor's metrics. Names without a label of their own are the published system's.

use prometheus::{Histogram, IntCounter, IntGauge};
use service::metrics::{Metrics, MetricsError};

/// Every metric of a processor.
#[derive(Clone, Debug)]
pub struct ProcessorMetrics {
    /// Work messages taken from the bus.
    pub processed: IntCounter,
    /// Jobs that reached COMPLETED.
    pub completed: IntCounter,
    /// Jobs that reached FAILED.
    pub failed: IntCounter,
    /// Messages that became dead letters.
    pub validation_failed: IntCounter,
    /// Attempts that ended without a result and are followed by another.
    pub retried: IntCounter,
    /// Attempts given back because the processor stops.
    pub handed_back: IntCounter,
    /// Attempts that ended because a client withdrew the job.
    pub cancelled: IntCounter,
    /// Messages whose job waits for its time or for room.
    pub waiting: IntCounter,
    /// Jobs made by schedules.
    pub fired: IntCounter,
    /// Results refused because the attempt was not this worker's any more.
    pub stale_results: IntCounter,
    /// Messages that asked for an attempt which was running or done already.
    pub duplicate_messages: IntCounter,
    /// Attempts of dead workers that were taken back.
    pub reaped: IntCounter,
    /// Jobs dispatched by the scheduler: retries, and jobs whose message was lost.
    pub dispatched: IntCounter,
    /// Events published from the outbox.
    pub relayed: IntCounter,
    /// Attempts that run now.
    pub running: IntGauge,
    /// Seconds that a successful attempt ran.
    pub processing_seconds: Histogram,
}

impl ProcessorMetrics {
    /// Makes the metrics and registers them.
    ///
    /// # Errors
    /// When a name is taken.
    pub fn register(metrics: &Metrics) -> Result<Self, MetricsError> {
        let running = metrics.gauge("processor_jobs_running", "attempts that run now")?;
        let buckets = prometheus::exponential_buckets(0.000_1, 4.0, 12)?;
        let help = "seconds that a successful attempt ran";
        let processing_seconds = metrics.histogram("processor_job_processing_seconds", help, &buckets)?;
        Ok(Self {
            processed: metrics.counter(
                "processor_jobs_processed_total",
                "work messages taken from the bus",
            )?,
            completed: metrics.counter("processor_jobs_completed_total", "jobs that completed")?,
            failed: metrics.counter("processor_jobs_failed_total", "jobs that failed for good")?,
            validation_failed: metrics
                .counter("processor_jobs_validation_failed_total", "messages dead-lettered")?,
            retried: metrics.counter(
                "processor_attempts_retried_total",
                "attempts that are followed by another",
            )?,
            handed_back: metrics.counter(
                "processor_attempts_handed_back_total",
                "attempts given back at a stop",
            )?,
            cancelled: metrics.counter(
                "processor_attempts_cancelled_total",
                "attempts ended because a client withdrew the job",
            )?,
            waiting: metrics.counter(
                "processor_jobs_waiting_total",
                "messages whose job waits for its time or for room",
            )?,
            fired: metrics.counter("processor_schedules_fired_total", "jobs made by schedules")?,
            stale_results: metrics
                .counter("processor_stale_results_total", "results refused by their token")?,
            duplicate_messages: metrics.counter(
                "processor_duplicate_messages_total",
                "messages with nothing to do",
            )?,
            reaped: metrics.counter(
                "processor_attempts_reaped_total",
                "attempts taken back from dead workers",
            )?,
            dispatched: metrics.counter(
                "processor_jobs_dispatched_total",
                "jobs dispatched by the scheduler",
            )?,
            relayed: metrics.counter(
                "processor_events_relayed_total",
                "events published from the outbox",
            )?,
            running,
            processing_seconds,
        })
    }
}
