//! The port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{ErrorGroup, LiveStats, StatEvent, StatsBucket, StatsSnapshot, StoreError};
use redis::cmd;
use tokio::time::timeout;
use uuid::Uuid;

use crate::batch::Batch;
use crate::failure;
use crate::keys::Keys;
use crate::link::Link;
use crate::lives::Lives;
use crate::options::{Config, OpenError, Options};
use crate::read;
use crate::scripts::Scripts;
use crate::time;

/// The most events that are applied at once. A script keeps Redis busy for some microseconds per event, and nobody else
/// is served meanwhile.
pub const MAX_BATCH: usize = 10_000;

/// How much one run of the pruning script forgets at most.
const PRUNED_AT_ONCE: usize = 2_000;

/// The live stats on Redis.
pub struct Redis {
    link: Link,
    scripts: Scripts,
    lives: Lives,
}

impl Redis {
    /// Stats on the Redis at `url` (`redis:` or `rediss:`). It connects when something is asked, so a Redis that is away
    /// is no error here.
    ///
    /// # Errors
    /// When the URL does not read as one, an encrypted server could not be checked, or keys would not stay together.
    pub fn open(url: &str, options: Options) -> Result<Arc<Self>, OpenError> {
        Ok(Arc::new(Self {
            link: Link::new(Config::new(url, options)?),
            scripts: Scripts::new(),
            lives: Lives::default(),
        }))
    }

    /// Names the complete stats that are here, another name whenever they were rebuilt. `None` when they are not
    /// complete: Redis is new, was flushed, or came back without its data.
    ///
    /// # Errors
    /// When Redis does not answer.
    pub async fn epoch(&self) -> Result<Option<Uuid>, StoreError> {
        self.lives.complete(&self.link).await
    }

    fn keys(&self) -> &Keys {
        &self.link.config().keys
    }

    async fn prune_some(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let mut call = self.scripts.prune.key(self.keys().prefix());
        call.arg(time::minute(before))
            .arg(time::text(before))
            .arg(before.as_microsecond())
            .arg(limit);
        let call = &call;
        let ask = |mut connection| async move { call.invoke_async(&mut connection).await };
        self.link.call(ask).await
    }
}

#[async_trait]
impl LiveStats for Redis {
    async fn apply(&self, events: Vec<StatEvent>) -> Result<usize, StoreError> {
        if events.is_empty() {
            return Ok(0);
        }
        if events.len() > MAX_BATCH {
            let count = events.len();
            return Err(StoreError::Refused(format!(
                "{count} events are more than the {MAX_BATCH} that can be applied at once"
            )));
        }
        let now = self.link.config().options.clock.now();
        let call = Batch::new(&events).call(&self.scripts.apply, self.keys().prefix(), now);
        let call = &call;
        let ask = |mut connection| async move { call.invoke_async(&mut connection).await };
        self.link.call(ask).await
    }

    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError> {
        let keys = self.keys();
        let stored = self
            .link
            .call(|connection| read::stored(keys, connection))
            .await?;
        read::snapshot(stored)
    }

    async fn history(&self, since: Timestamp) -> Result<Vec<StatsBucket>, StoreError> {
        let keys = self.keys();
        let ask = |connection| read::minutes(keys, since, connection);
        read::history(self.link.call(ask).await?)
    }

    async fn errors(&self, limit: usize) -> Result<Vec<ErrorGroup>, StoreError> {
        let keys = self.keys();
        let groups = self
            .link
            .call(|connection| read::groups(keys, connection))
            .await?;
        read::errors(groups, limit)
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let mut gone = 0;
        while gone < limit {
            let wanted = (limit - gone).min(PRUNED_AT_ONCE);
            let some = self.prune_some(before, wanted).await?;
            gone += some;
            if some < wanted {
                break;
            }
        }
        Ok(gone)
    }

    async fn is_complete(&self) -> Result<bool, StoreError> {
        Ok(self.epoch().await?.is_some())
    }

    async fn set_complete(&self) -> Result<(), StoreError> {
        self.lives.set_complete(&self.link, &self.scripts).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.lives.clear(&self.link, &self.scripts).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        let ask = |mut connection| async move { cmd("PING").query_async(&mut connection).await };
        match timeout(limit, self.link.call(ask)).await {
            Ok(answer) => answer,
            Err(_elapsed) => {
                let place = self.link.config().place();
                Err(failure::unavailable(
                    &place,
                    &format!("no answer within {limit:?}"),
                ))
            }
        }
    }
}
