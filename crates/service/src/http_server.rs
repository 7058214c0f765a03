//! A listener that no client can wear down: slow headers, slow readers, too many connections, and answers
//! that never come all have a limit.

mod connection;
mod stopping;
mod timed_io;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::shutdown::Shutdown;
pub use stopping::Stopping;

/// The bounds of a listener. Bodies are bounded where they are read (see [`crate::body`]).
///
/// An answer that has begun may go on for as long as its client reads it.
#[derive(Clone, Copy, Debug)]
pub struct ServerLimits {
    /// The longest time for the headers of a request, also the longest that an idle connection is kept.
    pub header_timeout: Duration,
    /// The longest time for an answer's headers; then the client gets 503. The last resort: whatever a
    /// handler waits for has its own, shorter limit.
    pub request_timeout: Duration,
    /// The longest time that a client may leave an answer unread.
    pub write_timeout: Duration,
    /// The most connections at once; further ones wait to be accepted.
    pub max_connections: usize,
    /// The most that the headers of a request may take, in bytes.
    pub max_header_bytes: usize,
    /// How long running requests may take once the shutdown has begun.
    pub drain: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            header_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_mins(2),
            write_timeout: Duration::from_secs(30),
            max_connections: 1024,
            max_header_bytes: 64 * 1024,
            drain: Duration::from_secs(10),
        }
    }
}

/// Serves until the shutdown's soft stage, then finishes the requests under way, until its hard stage or for
/// [`ServerLimits::drain`] at most.
pub async fn serve(listener: TcpListener, router: Router, limits: ServerLimits, shutdown: Shutdown) {
    let server = Server {
        router,
        limits,
        drain: shutdown.soft.clone(),
        abort: shutdown.hard.child_token(),
        slots: Arc::new(Semaphore::new(limits.max_connections)),
        open: TaskTracker::new(),
    };
    tokio::select! {
        () = shutdown.soft.cancelled() => {}
        () = server.accept_for_ever(&listener) => {}
    }
    drop(listener);
    server.finish().await;
}

struct Server {
    router: Router,
    limits: ServerLimits,
    drain: CancellationToken,
    abort: CancellationToken,
    slots: Arc<Semaphore>,
    open: TaskTracker,
}

impl Server {
    async fn accept_for_ever(&self, listener: &TcpListener) {
        while let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await {
            let stream = accept(listener).await;
            let connection = connection::Connection {
                router: self.router.clone(),
                limits: self.limits,
                drain: self.drain.clone(),
                abort: self.abort.clone(),
            };
            self.open.spawn(async move {
                connection.run(stream).await;
                drop(slot);
            });
        }
    }

    async fn finish(self) {
        self.open.close();
        if tokio::time::timeout(self.limits.drain, self.open.wait())
            .await
            .is_err()
        {
            tracing::warn!(
                connections = self.open.len(),
                "cutting connections that did not finish in time"
            );
            self.abort.cancel();
            self.open.wait().await;
        }
    }
}

/// Waits for the next connection; what goes wrong with one that is not there yet never ends the server.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "failed to set TCP_NODELAY");
                }
                return stream;
            }
            Err(error) if is_of_the_client(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "failed to accept a connection");
                // Out of file descriptors, usually: they come back as connections end.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

fn is_of_the_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    )
}
