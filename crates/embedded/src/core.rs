//! What the four adapters share.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use rusqlite::Connection;
use tokio::time::timeout;

use crate::error::Failure;
use crate::readers::Readers;
use crate::writer::{Inbox, Order, call};

/// The way to the database.
#[derive(Clone)]
pub(crate) struct Core {
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) readers: Readers,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Core {
    /// Has the writer thread do `work`, which keeps about `size` bytes until then, and returns once it is
    /// durable. The work is done even if the caller goes away. It may be run more than once and must then
    /// start from scratch.
    pub(crate) async fn write<T, W>(&self, order: Order, size: usize, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnMut(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let (operation, answered) = call(work);
        self.inbox.send(operation, order, size).await?;
        answered.await.unwrap_or_else(|_| Err(Failure::closed()))
    }

    /// Reads on a connection of its own.
    pub(crate) async fn read<T, W>(&self, work: W) -> Result<T, Failure>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        self.readers.read(work).await
    }

    /// Whether the writer answers within `limit`.
    pub(crate) async fn ping(&self, limit: Duration) -> Result<(), Failure> {
        let nothing = self.write(Order::Arrival, 0, |_| Ok(()));
        let answer = timeout(limit, nothing).await;
        answer.unwrap_or_else(|_| Err(Failure::Unavailable("no answer in time".to_owned())))
    }
}

/// A limit as SQL takes it.
pub(crate) fn count(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
