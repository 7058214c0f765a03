//! The port.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{LiveStats, StatEvent, StatsBucket, StatsSnapshot, StoreError};

use super::{apply, prune, read};
use crate::core::Core;
use crate::writer::Order;

/// The live stats on SQLite.
pub(crate) struct LiveStatsAdapter(Core);

impl LiveStatsAdapter {
    pub(crate) fn new(core: Core) -> Self {
        Self(core)
    }
}

#[async_trait]
impl LiveStats for LiveStatsAdapter {
    async fn apply(&self, events: Vec<StatEvent>) -> Result<usize, StoreError> {
        let now = self.0.clock.now();
        let bytes = events.len() * 128;
        let work = move |connection: &_| apply::apply(connection, &events, now);
        Ok(self.0.write(Order::Arrival, bytes, work).await?)
    }

    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError> {
        Ok(self.0.read(read::snapshot).await?)
    }

    async fn history(&self, since: Timestamp) -> Result<Vec<StatsBucket>, StoreError> {
        Ok(self
            .0
            .read(move |connection| read::history(connection, since))
            .await?)
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let work = move |connection: &_| prune::prune(connection, before, limit);
        Ok(self.0.write(Order::Late, 0, work).await?)
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        Ok(self.0.ping(limit).await?)
    }
}
