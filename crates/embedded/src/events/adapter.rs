//! The port.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{
    Cursor, EventLog, EventQuery, Followed, LetterState, LoggedEvent, Page, StoreError, StoredDeadLetter,
};
use rusqlite::Connection;
use uuid::Uuid;

use super::spot::{List, Spot};
use super::{append, follow, letters, list, prune};
use crate::core::Core;
use crate::error::Failure;
use crate::known::{Known, Session};
use crate::place::Place;
use crate::writer::Order;

/// The event log on SQLite.
pub(crate) struct EventLogAdapter {
    core: Core,
    known: Arc<Known>,
}

impl EventLogAdapter {
    pub(crate) fn new(core: Core, known: Arc<Known>) -> Self {
        Self { core, known }
    }

    /// Reads again what a rollback made unknown, if one did.
    async fn ensure_known(&self) -> Result<(), Failure> {
        if !self.known.is_lost() {
            return Ok(());
        }
        let known = Arc::clone(&self.known);
        let work = move |connection: &Connection| Session::new(connection, &known).map(drop);
        self.core.write(Order::Arrival, 0, work).await
    }
}

#[async_trait]
impl EventLog for EventLogAdapter {
    async fn append(&self, events: Vec<LoggedEvent>) -> Result<usize, StoreError> {
        let now = self.core.clock.now();
        let bytes = events.iter().map(|event| event.body.len() + 64).sum();
        let known = Arc::clone(&self.known);
        let work = move |connection: &_| append::append(connection, &known, &events, now);
        Ok(self.core.write(Order::Arrival, bytes, work).await?)
    }

    async fn events(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError> {
        let before = cursor.map_or(Ok(Spot::END), |cursor| Spot::read(List::Pages, cursor))?;
        self.ensure_known().await?;
        let (query, known) = (query.clone(), Arc::clone(&self.known));
        Ok(self
            .core
            .read(move |connection| list::list(connection, &known, &query, before, limit))
            .await?)
    }

    async fn follow(&self, after: Option<&Cursor>, limit: usize) -> Result<Followed, StoreError> {
        let from = after
            .map(|cursor| Spot::read(List::Following, cursor))
            .transpose()?;
        Ok(self
            .core
            .read(move |connection| follow::follow(connection, from, limit))
            .await?)
    }

    async fn append_dead_letters(&self, letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
        let now = self.core.clock.now();
        let work = move |connection: &_| letters::append(connection, &letters, now);
        Ok(self.core.write(Order::Arrival, 0, work).await?)
    }

    async fn dead_letter(&self, id: Uuid) -> Result<Option<StoredDeadLetter>, StoreError> {
        Ok(self
            .core
            .read(move |connection| letters::find(connection, id))
            .await?)
    }

    async fn settle_dead_letters(&self, ids: Vec<Uuid>, state: LetterState) -> Result<Vec<Uuid>, StoreError> {
        let work = move |connection: &_| letters::settle(connection, &ids, state);
        Ok(self.core.write(Order::Arrival, 0, work).await?)
    }

    async fn open_dead_letters(&self) -> Result<u64, StoreError> {
        Ok(self.core.read(letters::open).await?)
    }

    async fn dead_letters(
        &self,
        state: Option<LetterState>,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError> {
        let before = Place::DeadLetters.read(cursor)?;
        Ok(self
            .core
            .read(move |connection| letters::list(connection, state, before, limit))
            .await?)
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let known = Arc::clone(&self.known);
        let work = move |connection: &_| prune::prune(connection, &known, before, limit);
        Ok(self.core.write(Order::Late, 0, work).await?)
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        Ok(self.core.ping(limit).await?)
    }
}
