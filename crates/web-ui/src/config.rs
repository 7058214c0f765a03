//! What the dashboard has to be told.

use std::time::Duration;

/// Where the two services behind the page are.
///
/// Plain `http` only: the dashboard stands beside its services, and TLS ends in front of it.
#[derive(Clone, Debug)]
pub struct UiConfig {
    /// Base URL of the gateway, as this process reaches it; commands go there.
    pub gateway_url: String,
    /// Base URL of the read model, as this process reaches it; questions go there.
    pub read_model_url: String,
}

/// The bounds of one proxied request.
#[derive(Clone, Copy, Debug)]
pub struct ProxyLimits {
    /// From the first byte of the request to the last byte of the answer, or to its head where it is written as things
    /// happen.
    pub total_time: Duration,
    /// The largest request body that is passed on, in bytes.
    pub request_bytes: usize,
    /// The largest answer that is passed back, in bytes.
    pub answer_bytes: usize,
    /// How many requests may be under way to one service; more wait, inside their total time.
    pub in_flight: usize,
    /// How many answers that are written as things happen one service may have under way; no more are begun.
    pub streams: usize,
    /// How long such an answer may be silent before it is cut off.
    pub silence: Duration,
}

impl Default for ProxyLimits {
    fn default() -> Self {
        Self {
            total_time: Duration::from_secs(10),
            request_bytes: 1024 * 1024,
            answer_bytes: 8 * 1024 * 1024,
            in_flight: 64,
            streams: 64,
            silence: Duration::from_secs(30),
        }
    }
}
