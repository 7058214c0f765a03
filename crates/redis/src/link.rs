//! The connection, made anew whenever it is needed.

use std::future::Future;
use std::time::Duration;

use ports::StoreError;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisResult};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::failure;
use crate::options::Config;

/// For how long a failed attempt answers for those that come after it.
const PAUSE: Duration = Duration::from_millis(100);

/// The connection that all calls share.
pub(crate) struct Link {
    config: Config,
    place: String,
    present: Mutex<Present>,
}

#[derive(Default)]
struct Present {
    connection: Option<MultiplexedConnection>,
    /// Counts connections, so that a late failure of an old one does not end its successor.
    number: u64,
    failed: Option<(Instant, StoreError)>,
}

impl Link {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            place: config.place(),
            config,
            present: Mutex::default(),
        }
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Asks Redis, within the configured limits.
    pub(crate) async fn call<T, F>(
        &self,
        ask: impl FnOnce(MultiplexedConnection) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let (number, connection) = self.connection().await?;
        let limit = self.config.options.call_limit;
        let error = match timeout(limit, ask(connection)).await {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) if !failure::ends_connection(&error) => {
                return Err(failure::of(&self.place, &error));
            }
            Ok(Err(error)) => failure::of(&self.place, &error),
            Err(_elapsed) => self.unanswered(limit),
        };
        self.end(number).await;
        Err(error)
    }

    fn unanswered(&self, limit: Duration) -> StoreError {
        failure::unavailable(&self.place, &format!("no answer within {limit:?}"))
    }

    /// The present connection, or a new one.
    async fn connection(&self) -> Result<(u64, MultiplexedConnection), StoreError> {
        let limit = self.config.options.connect_limit;
        let locked = timeout(limit, self.present.lock()).await;
        let mut present = locked.map_err(|_elapsed| self.unanswered(limit))?;
        if let Some(connection) = &present.connection {
            return Ok((present.number, connection.clone()));
        }
        if let Some((since, error)) = &present.failed
            && since.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        match self.connect(limit).await {
            Ok(connection) => {
                present.failed = None;
                present.number += 1;
                present.connection = Some(connection.clone());
                Ok((present.number, connection))
            }
            Err(error) => {
                tracing::warn!(%error, "cannot connect");
                present.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn connect(&self, limit: Duration) -> Result<MultiplexedConnection, StoreError> {
        // The calls have their limit here.
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(limit))
            .set_response_timeout(None);
        let client = &self.config.client;
        match timeout(
            limit,
            client.get_multiplexed_async_connection_with_config(&config),
        )
        .await
        {
            Ok(connected) => connected.map_err(|error| failure::of(&self.place, &error)),
            Err(_elapsed) => Err(self.unanswered(limit)),
        }
    }

    /// Gives up connection number `number`.
    async fn end(&self, number: u64) {
        let mut present = self.present.lock().await;
        if present.number == number {
            present.connection = None;
        }
    }
}
