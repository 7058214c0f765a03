//! A RabbitMQ broker, with a virtual host for every test.

use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Probe, Server, Spec};

const AMQP: u16 = 5672;
const AMQPS: u16 = 5671;
const MANAGEMENT: u16 = 15672;

/// The header of the protocol, answered by the first method of the handshake on channel 0.
const PROBE: Probe = Probe {
    question: b"AMQP\x00\x00\x09\x01",
    skip: 0,
    answer: b"\x01\x00\x00",
};

/// Connections that stop half-way are given up soon, as they are after a broker was killed.
const CONFIGURATION: &str = "handshake_timeout = 2000\n";

/// Where an encrypted broker has its certificate and key, and what it is told of them.
const CERTIFICATE: &str = "/etc/rabbitmq/certificate.pem";
const KEY: &str = "/etc/rabbitmq/key.pem";
const ENCRYPTED: &str = "listeners.ssl.default = 5671\nssl_options.verify = verify_none\n\
    ssl_options.certfile = /etc/rabbitmq/certificate.pem\nssl_options.keyfile = /etc/rabbitmq/key.pem\n";

/// `guest:guest`, as HTTP has it.
const GUEST: &str = "Z3Vlc3Q6Z3Vlc3Q=";

/// A broker in a container.
#[derive(Debug)]
pub struct RabbitMqServer {
    server: Server,
    hosts: AtomicU32,
}

impl RabbitMqServer {
    /// Starts a broker and waits until it answers.
    pub async fn start() -> Self {
        Self::of(spec()).await
    }

    /// Starts a broker that can also be reached encrypted, with a certificate and its key in PEM.
    pub async fn start_encrypted(certificate: &str, key: &str) -> Self {
        let spec = spec()
            .file(CERTIFICATE, certificate)
            .file(KEY, key)
            .file("/etc/rabbitmq/conf.d/91-encrypted.conf", ENCRYPTED);
        Self::of(spec).await
    }

    async fn of(spec: Spec) -> Self {
        Self {
            server: Server::start(spec).await,
            hosts: AtomicU32::new(0),
        }
    }

    /// Its container.
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The URL of a new virtual host, in which there is nothing yet.
    ///
    /// # Panics
    /// When the broker does not make it.
    pub async fn fresh_url(&self) -> String {
        let host = format!("test-{}", self.hosts.fetch_add(1, Ordering::Relaxed));
        let status = self.put(&format!("/api/vhosts/{host}")).await;
        match status {
            Ok(201 | 204) => self.url(&host),
            other => panic!("the broker makes no virtual host: {other:?}"),
        }
    }

    /// The URL of the virtual host that every broker has.
    pub fn default_url(&self) -> String {
        self.url("%2f")
    }

    /// The same, encrypted.
    pub fn encrypted_url(&self) -> String {
        format!("amqps://guest:guest@localhost:{}/%2f", self.server.port_of(AMQPS))
    }

    fn url(&self, host: &str) -> String {
        format!("amqp://guest:guest@127.0.0.1:{}/{host}", self.server.port())
    }

    /// Tells the management plugin to make something; returns the status of its answer.
    async fn put(&self, path: &str) -> std::io::Result<u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.server.port_of(MANAGEMENT))).await?;
        let request = format!(
            "PUT {path} HTTP/1.1\r\nHost: broker\r\nAuthorization: Basic {GUEST}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        status.ok_or_else(|| std::io::Error::other(answer))
    }
}

fn spec() -> Spec {
    Spec::new("rabbitmq", &[AMQP, MANAGEMENT, AMQPS], PROBE)
        .file("/etc/rabbitmq/conf.d/90-test.conf", CONFIGURATION)
}
