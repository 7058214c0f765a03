//! What a read model can be told; every field has a default.

use std::time::Duration;

/// The pages that may use the API from a browser unless others are configured: those of our own web UI.
pub const DEFAULT_ORIGINS: [&str; 2] = ["http://localhost:8081", "http://127.0.0.1:8081"];

/// The configuration of a read model.
#[derive(Clone, Debug)]
pub struct ReadModelConfig {
    /// The origins of web pages that may use the API, such as `http://localhost:8081`.
    pub allowed_origins: Vec<String>,
    /// Where Alertmanager is (`ALERTMANAGER_URL`).
    pub alertmanager_url: Option<String>,
    /// The longest time that Alertmanager may take.
    pub proxy_timeout: Duration,
    /// The longest time that a store may take; after it the client gets 503.
    pub store_timeout: Duration,
    /// The most questions to the stores at once; further ones get 503 without waiting.
    pub max_questions: usize,
}

impl Default for ReadModelConfig {
    fn default() -> Self {
        Self {
            allowed_origins: DEFAULT_ORIGINS.map(String::from).to_vec(),
            alertmanager_url: None,
            proxy_timeout: Duration::from_secs(5),
            store_timeout: Duration::from_secs(2),
            max_questions: 512,
        }
    }
}
