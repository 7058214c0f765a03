//! An event log that fails on purpose.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{
    Cursor, EventLog, EventQuery, Followed, LetterState, LoggedEvent, Page, StoreError, StoredDeadLetter,
};
use uuid::Uuid;

use super::FaultPlan;

/// An event log over another one, with faults.
pub struct FaultyEventLog {
    inner: Arc<dyn EventLog>,
    plan: Arc<FaultPlan>,
}

impl FaultyEventLog {
    /// Wraps a log.
    pub fn new(inner: Arc<dyn EventLog>, plan: Arc<FaultPlan>) -> Self {
        Self { inner, plan }
    }
}

#[async_trait]
impl EventLog for FaultyEventLog {
    async fn append(&self, events: Vec<LoggedEvent>) -> Result<usize, StoreError> {
        self.plan.around("append", self.inner.append(events)).await
    }

    async fn events(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError> {
        self.plan
            .around("events", self.inner.events(query, cursor, limit))
            .await
    }

    async fn follow(&self, after: Option<&Cursor>, limit: usize) -> Result<Followed, StoreError> {
        self.plan.around("follow", self.inner.follow(after, limit)).await
    }

    async fn append_dead_letters(&self, letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
        self.plan
            .around("append_dead_letters", self.inner.append_dead_letters(letters))
            .await
    }

    async fn dead_letter(&self, id: Uuid) -> Result<Option<StoredDeadLetter>, StoreError> {
        self.plan.around("dead_letter", self.inner.dead_letter(id)).await
    }

    async fn settle_dead_letters(&self, ids: Vec<Uuid>, state: LetterState) -> Result<Vec<Uuid>, StoreError> {
        self.plan
            .around("settle_dead_letters", self.inner.settle_dead_letters(ids, state))
            .await
    }

    async fn open_dead_letters(&self) -> Result<u64, StoreError> {
        self.plan
            .around("open_dead_letters", self.inner.open_dead_letters())
            .await
    }

    async fn dead_letters(
        &self,
        state: Option<LetterState>,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError> {
        self.plan
            .around("dead_letters", self.inner.dead_letters(state, cursor, limit))
            .await
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.plan.around("prune", self.inner.prune(before, limit)).await
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        self.plan.around("ping", self.inner.ping(limit)).await
    }
}
