//! What a gateway can be told; every field has a default.

use std::borrow::Cow;
use std::time::Duration;

use service::body::BodyLimits;

/// The pages that may use the API from a browser unless others are configured: those of our own web UI.
pub const DEFAULT_ORIGINS: [&str; 2] = ["http://localhost:8081", "http://127.0.0.1:8081"];

/// The configuration of a gateway.
#[derive(Clone, Debug)]
pub struct GatewayConfig {
    /// Names this running copy in the events it emits.
    pub instance_id: Cow<'static, str>,
    /// The origins of web pages that may use the API, such as `http://localhost:8081`.
    pub allowed_origins: Vec<String>,
    /// Where Alertmanager is (`ALERTMANAGER_URL`).
    pub alertmanager_url: Option<String>,
    /// Where Prometheus is (`PROMETHEUS_URL`).
    pub prometheus_url: Option<String>,
    /// The longest time that a proxied answer may take.
    pub proxy_timeout: Duration,
    /// The longest time that the bus may take to confirm; after it the client gets 503.
    pub publish_timeout: Duration,
    /// The most requests that may wait for the bus at once; further ones get 503 without waiting.
    pub max_waiting: usize,
    /// The bounds of the body of one job.
    pub job_body: BodyLimits,
    /// The bounds of the body of a batch.
    pub batch_body: BodyLimits,
    /// The most jobs in a batch.
    pub max_batch: usize,
    /// The longest time that the jobs of a batch may take to reach the bus.
    pub batch_timeout: Duration,
    /// The longest time that a store may take; after it the client gets 503.
    pub store_timeout: Duration,
    /// The most calls on the stores at once; further ones get 503 without waiting.
    pub max_store_calls: usize,
    /// The most clients that may wait for the end of their job; further ones get their 202 without waiting.
    pub max_waiters: usize,
    /// The most commands over many jobs at once; further ones get 503 without waiting.
    pub max_streams: usize,
    /// The most memory that all request bodies together may take, in bytes; beyond it requests get 503.
    pub body_budget: usize,
}

impl Default for GatewayConfig {
    fn default() -> Self {
        Self {
            instance_id: Cow::Borrowed("local"),
            allowed_origins: DEFAULT_ORIGINS.map(String::from).to_vec(),
            alertmanager_url: None,
            prometheus_url: None,
            proxy_timeout: Duration::from_secs(5),
            publish_timeout: Duration::from_secs(2),
            max_waiting: 4096,
            job_body: BodyLimits {
                bytes: service::body::DEFAULT_LIMIT,
                time: Duration::from_secs(10),
            },
            batch_body: BodyLimits {
                bytes: 32 * 1024 * 1024,
                time: Duration::from_mins(1),
            },
            max_batch: 100_000,
            batch_timeout: Duration::from_secs(30),
            store_timeout: Duration::from_secs(2),
            max_store_calls: 512,
            max_waiters: 512,
            max_streams: 32,
            body_budget: 256 * 1024 * 1024,
        }
    }
}
