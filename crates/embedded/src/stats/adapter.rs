//! The port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{ErrorGroup, LiveStats, StatEvent, StatsBucket, StatsSnapshot, StoreError};

use super::{apply, errors, prune, read, rebuild};
use crate::core::Core;
use crate::known::Known;
use crate::writer::Order;

/// The live stats on SQLite.
pub(crate) struct LiveStatsAdapter {
    core: Core,
    known: Arc<Known>,
}

impl LiveStatsAdapter {
    pub(crate) fn new(core: Core, known: Arc<Known>) -> Self {
        Self { core, known }
    }
}

#[async_trait]
impl LiveStats for LiveStatsAdapter {
    async fn apply(&self, events: Vec<StatEvent>) -> Result<usize, StoreError> {
        let now = self.core.clock.now();
        let bytes = events.len() * 128;
        let known = Arc::clone(&self.known);
        let work = move |connection: &_| apply::apply(connection, &known, &events, now);
        Ok(self.core.write(Order::Arrival, bytes, work).await?)
    }

    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError> {
        Ok(self.core.read(read::snapshot).await?)
    }

    async fn history(&self, since: Timestamp) -> Result<Vec<StatsBucket>, StoreError> {
        Ok(self
            .core
            .read(move |connection| read::history(connection, since))
            .await?)
    }

    async fn errors(&self, limit: usize) -> Result<Vec<ErrorGroup>, StoreError> {
        Ok(self
            .core
            .read(move |connection| errors::list(connection, limit))
            .await?)
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let known = Arc::clone(&self.known);
        let work = move |connection: &_| prune::prune(connection, &known, before, limit);
        Ok(self.core.write(Order::Late, 0, work).await?)
    }

    async fn is_complete(&self) -> Result<bool, StoreError> {
        Ok(self.core.read(rebuild::is_complete).await?)
    }

    async fn set_complete(&self) -> Result<(), StoreError> {
        let work = |connection: &_| rebuild::set_complete(connection, true);
        Ok(self.core.write(Order::Arrival, 0, work).await?)
    }

    async fn clear(&self) -> Result<(), StoreError> {
        loop {
            let known = Arc::clone(&self.known);
            let work = move |connection: &_| rebuild::forget_some(connection, &known);
            if self.core.write(Order::Late, 0, work).await? == 0 {
                break;
            }
        }
        // What was counted meanwhile goes with the counters, in one transaction.
        let known = Arc::clone(&self.known);
        let work = move |connection: &_| rebuild::clear(connection, &known);
        Ok(self.core.write(Order::Late, 0, work).await?)
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        Ok(self.core.ping(limit).await?)
    }
}
