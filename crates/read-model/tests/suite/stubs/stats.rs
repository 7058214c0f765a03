use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{ErrorGroup, LiveStats, StatEvent, StatsBucket, StatsSnapshot, StoreError};

use super::{READ_ONLY, World};

pub(crate) struct StubStats(pub(crate) Arc<World>);

#[async_trait]
impl LiveStats for StubStats {
    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError> {
        self.0
            .answer("snapshot".into(), |world| world.snapshot.lock().unwrap().clone())
            .await
    }

    async fn history(&self, since: Timestamp) -> Result<Vec<StatsBucket>, StoreError> {
        self.0
            .answer(format!("history {since}"), |world| {
                world.history.lock().unwrap().clone()
            })
            .await
    }

    async fn errors(&self, limit: usize) -> Result<Vec<ErrorGroup>, StoreError> {
        let first = |world: &World| world.errors.lock().unwrap().iter().take(limit).cloned().collect();
        self.0.answer(format!("errors {limit}"), first).await
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        self.0.answer("ping".into(), |_| ()).await
    }

    async fn is_complete(&self) -> Result<bool, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn set_complete(&self) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn clear(&self) -> Result<(), StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn apply(&self, _: Vec<StatEvent>) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn prune(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
}
