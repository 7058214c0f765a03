//! A Redis server.

use super::{Probe, Server, Spec};

const PORT: u16 = 6379;

const PROBE: Probe = Probe {
    question: b"PING\r\n",
    skip: 0,
    answer: b"+PONG",
};

/// A Redis server in a container. It keeps nothing over a restart.
#[derive(Debug)]
pub struct RedisServer(Server);

impl RedisServer {
    /// Starts an empty server and waits until it answers.
    pub async fn start() -> Self {
        Self(Server::start(Spec::new("redis", &[PORT], PROBE)).await)
    }

    /// Its container.
    pub fn server(&self) -> &Server {
        &self.0
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.0.port())
    }
}
