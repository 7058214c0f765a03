//! The port.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use mongodb::bson::doc;
use ports::{
    Cursor, EventLog, EventQuery, Followed, LetterState, LoggedEvent, Page, StoreError, StoredDeadLetter,
};
use tokio::time::timeout;
use uuid::Uuid;

use crate::failure::of;
use crate::log::Log;
use crate::options::{OpenError, Options, client};
use crate::{append, follow, gaps, letters, list, prune};

/// The event log on a MongoDB.
pub struct MongoDb {
    log: Log,
}

impl MongoDb {
    /// A log on the MongoDB at `url` (`mongodb:`), in the database that it names, `observatory` if it names none. It
    /// connects in the background, so a server that is away is no error here. Needs a running Tokio runtime.
    ///
    /// # Errors
    /// When the URL does not read as one.
    pub async fn open(url: &str, options: Options) -> Result<Arc<Self>, OpenError> {
        let (client, database) = client(url, &options).await?;
        let log = Log::new(client, &database, options);
        Ok(Arc::new(Self { log }))
    }

    /// Ends the connections.
    pub async fn close(&self) {
        let client = self.log.client.clone();
        let _in_time = timeout(self.log.options.connect_limit, client.shutdown().immediate(true)).await;
    }

    /// The answer, within the configured limit.
    fn within<'c, T: 'c>(&self, call: impl Call<T> + 'c) -> impl Call<T> + 'c {
        within(self.log.options.call_limit, call)
    }
}

/// What a port is asked.
trait Call<T>: Future<Output = Result<T, StoreError>> + Send {}

impl<T, F: Future<Output = Result<T, StoreError>> + Send> Call<T> for F {}

/// The answer, within `limit`. What the driver does on the way is too large for the stack of every caller.
fn within<'c, T: 'c>(limit: Duration, call: impl Call<T> + 'c) -> impl Call<T> + 'c {
    let call = Box::pin(call);
    async move {
        let unanswered = |_| StoreError::Unavailable(format!("mongodb: no answer within {limit:?}"));
        timeout(limit, call).await.map_err(unanswered)?
    }
}

#[async_trait]
impl EventLog for MongoDb {
    async fn append(&self, events: Vec<LoggedEvent>) -> Result<usize, StoreError> {
        self.within(append::append(&self.log, events)).await
    }

    async fn events(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError> {
        self.within(list::list(&self.log, query, cursor, limit)).await
    }

    async fn follow(&self, after: Option<&Cursor>, limit: usize) -> Result<Followed, StoreError> {
        self.within(follow::follow(&self.log, after, limit)).await
    }

    async fn append_dead_letters(&self, letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
        self.within(letters::append(&self.log, letters)).await
    }

    async fn dead_letter(&self, id: Uuid) -> Result<Option<StoredDeadLetter>, StoreError> {
        self.within(letters::one(&self.log, id)).await
    }

    async fn settle_dead_letters(&self, ids: Vec<Uuid>, state: LetterState) -> Result<Vec<Uuid>, StoreError> {
        self.within(letters::settle(&self.log, ids, state)).await
    }

    async fn open_dead_letters(&self) -> Result<u64, StoreError> {
        self.within(letters::open(&self.log)).await
    }

    async fn dead_letters(
        &self,
        state: Option<LetterState>,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError> {
        self.within(letters::list(&self.log, state, cursor, limit)).await
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let gone = self.within(prune::prune(&self.log, before, limit)).await?;
        // Gaps that nobody follows up to are looked after here, so that a follower to come begins near the end.
        if let Err(error) = self.within(gaps::end(&self.log)).await {
            tracing::debug!(%error, "gaps in the log are not looked after");
        }
        Ok(gone)
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        let ping = async {
            let database = self.log.client.database("admin");
            let answer = database.run_command(doc! { "ping": 1 }).await;
            answer.map(drop).map_err(|error| of(&error))
        };
        within(limit, ping).await
    }
}
