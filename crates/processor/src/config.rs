//! What a processor can be told.

use std::time::Duration;

/// Settings of one processor; the defaults suit one machine.
#[derive(Clone, Debug)]
pub struct ProcessorConfig {
    /// How many attempts run at once, which is also how many messages are held unacknowledged.
    pub concurrency: usize,
    /// How long one attempt may take where its job does not say.
    pub default_timeout: Duration,
    /// How long a worker lives in the store's eyes without a heartbeat. The price of a long lease is slow
    /// recovery after a crash, of a short one a job that runs twice when the store stalls.
    pub lease: Duration,
    /// How often the lease is renewed and dead workers are looked for.
    pub heartbeat: Duration,
    /// How often due jobs are looked for; the resolution of every delay.
    pub schedule_tick: Duration,
    /// How often it is asked which running jobs were withdrawn.
    pub cancel_tick: Duration,
    /// How long a handler may go on after its job was withdrawn.
    pub cancel_grace: Duration,
    /// How often the outbox is looked at when nothing says that it filled.
    pub relay_tick: Duration,
    /// When a job that was dispatched, or only admitted, and not started is dispatched again: the cost of a
    /// message lost by an operator or a broker.
    pub redispatch_after: Duration,
    /// How long running attempts may go on after intake has stopped; then they are handed back.
    pub drain: Duration,
    /// How long terminal jobs are kept after their last change.
    pub retention: Duration,
    /// How often old jobs are removed.
    pub retention_tick: Duration,
    /// Longest wait for one call on a port before it counts as failed.
    pub call_limit: Duration,
    /// How far claims, and records, are apart under load, so that one transaction has many. The price is latency.
    pub work_pace: Duration,
    /// The same of admissions, which nobody waits for: workers have their own messages.
    pub ledger_pace: Duration,
}

impl Default for ProcessorConfig {
    fn default() -> Self {
        Self {
            concurrency: 1024,
            default_timeout: Duration::from_mins(5),
            lease: Duration::from_secs(5),
            heartbeat: Duration::from_secs(1),
            schedule_tick: Duration::from_millis(100),
            cancel_tick: Duration::from_millis(200),
            cancel_grace: Duration::from_secs(5),
            relay_tick: Duration::from_millis(500),
            redispatch_after: Duration::from_mins(5),
            drain: Duration::from_secs(5),
            retention: Duration::from_hours(7 * 24),
            retention_tick: Duration::from_mins(1),
            call_limit: Duration::from_secs(10),
            work_pace: Duration::ZERO,
            ledger_pace: Duration::ZERO,
        }
    }
}
