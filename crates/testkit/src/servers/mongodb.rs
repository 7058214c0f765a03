//! A server that speaks the protocol of MongoDB: `FerretDB` where images are made here.

use super::{Probe, Server, Spec};

const PORT: u16 = 27017;

/// `{hello: 1, $db: "admin"}` as request 1; the answer names the request that it answers.
const PROBE: Probe = Probe {
    question: b"\x34\0\0\0\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\
        \x1f\0\0\0\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0",
    skip: 8,
    answer: b"\x01\0\0\0",
};

/// A MongoDB-compatible server in a container.
#[derive(Debug)]
pub struct MongoDbServer(Server);

impl MongoDbServer {
    /// Starts an empty server and waits until it answers.
    pub async fn start() -> Self {
        Self(Server::start(Spec::new("mongodb", &[PORT], PROBE)).await)
    }

    /// Its container.
    pub fn server(&self) -> &Server {
        &self.0
    }

    /// Its URL, for one server that is no member of a set.
    pub fn url(&self) -> String {
        format!("mongodb://127.0.0.1:{}/?directConnection=true", self.0.port())
    }
}
