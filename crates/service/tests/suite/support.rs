//! A server on a free port, and raw sockets to it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use service::http_server::{ServerLimits, serve};
use service::shutdown::Shutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Longer than anything here takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: Shutdown,
    running: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(router: Router, limits: ServerLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = Shutdown::new();
        let running = tokio::spawn(serve(listener, router, limits, shutdown.clone()));
        Self {
            address,
            shutdown,
            running,
        }
    }

    pub(crate) async fn connect(&self) -> Connection {
        Connection(TcpStream::connect(self.address).await.unwrap())
    }

    /// Waits for the server to have stopped.
    pub(crate) async fn stopped(self) {
        tokio::time::timeout(PATIENCE, self.running)
            .await
            .expect("the server stops")
            .unwrap();
    }
}

pub(crate) struct Connection(pub(crate) TcpStream);

impl Connection {
    pub(crate) async fn send(&mut self, text: &str) {
        self.0.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads until the peer closes.
    pub(crate) async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut bytes)).await;
        let _reset_is_an_end_too = read.expect("the connection ends");
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Reads until `end` was read.
    pub(crate) async fn until(&mut self, end: &str) -> String {
        let mut text = String::new();
        let read = async {
            while !text.contains(end) {
                let mut bytes = [0; 1024];
                let size = self.0.read(&mut bytes).await.unwrap();
                assert!(size > 0, "the connection ended after: {text}");
                text.push_str(&String::from_utf8_lossy(&bytes[..size]));
            }
        };
        tokio::time::timeout(PATIENCE, read)
            .await
            .expect("the text arrives");
        text
    }
}
