//! A PostgreSQL server.

use super::{Probe, Server, Spec};

const PORT: u16 = 5432;

/// The start of a session, which a server that is still starting answers with an error.
const PROBE: Probe = Probe {
    question: b"\x00\x00\x00\x17\x00\x03\x00\x00user\0postgres\0\0",
    skip: 0,
    answer: b"R",
};

/// A PostgreSQL server in a container.
#[derive(Debug)]
pub struct PostgresServer(Server);

impl PostgresServer {
    /// Starts a server with an empty database and waits until it answers.
    pub async fn start() -> Self {
        let spec = Spec::new("postgres", &[PORT], PROBE)
            .variable("POSTGRES_USER", "observatory")
            .variable("POSTGRES_PASSWORD", "observatory")
            .variable("POSTGRES_DB", "observatory");
        Self(Server::start(spec).await)
    }

    /// Its container.
    pub fn server(&self) -> &Server {
        &self.0
    }

    /// The URL of a database of the server; `observatory` is there from the start.
    pub fn url(&self, database: &str) -> String {
        let port = self.0.port();
        format!("postgres://observatory:observatory@127.0.0.1:{port}/{database}")
    }
}
