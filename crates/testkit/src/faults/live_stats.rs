//! Live stats that fail on purpose.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{ErrorGroup, LiveStats, StatEvent, StatsBucket, StatsSnapshot, StoreError};

use super::FaultPlan;

/// Live stats over others, with faults.
pub struct FaultyLiveStats {
    inner: Arc<dyn LiveStats>,
    plan: Arc<FaultPlan>,
}

impl FaultyLiveStats {
    /// Wraps live stats.
    pub fn new(inner: Arc<dyn LiveStats>, plan: Arc<FaultPlan>) -> Self {
        Self { inner, plan }
    }
}

#[async_trait]
impl LiveStats for FaultyLiveStats {
    async fn apply(&self, events: Vec<StatEvent>) -> Result<usize, StoreError> {
        self.plan.around("apply", self.inner.apply(events)).await
    }

    async fn snapshot(&self) -> Result<StatsSnapshot, StoreError> {
        self.plan.around("snapshot", self.inner.snapshot()).await
    }

    async fn history(&self, since: Timestamp) -> Result<Vec<StatsBucket>, StoreError> {
        self.plan.around("history", self.inner.history(since)).await
    }

    async fn errors(&self, limit: usize) -> Result<Vec<ErrorGroup>, StoreError> {
        self.plan.around("errors", self.inner.errors(limit)).await
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.plan.around("prune", self.inner.prune(before, limit)).await
    }

    async fn is_complete(&self) -> Result<bool, StoreError> {
        self.plan.around("is_complete", self.inner.is_complete()).await
    }

    async fn set_complete(&self) -> Result<(), StoreError> {
        self.plan.around("set_complete", self.inner.set_complete()).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.plan.around("clear", self.inner.clear()).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        self.plan.around("ping", self.inner.ping(limit)).await
    }
}
