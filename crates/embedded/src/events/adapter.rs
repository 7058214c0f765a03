//! The port.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{Cursor, EventLog, EventQuery, LoggedEvent, Page, StoreError, StoredDeadLetter};

use super::{append, letters, list, prune};
use crate::core::{Core, count};
use crate::place::Place;
use crate::writer::Order;

/// The event log on SQLite.
pub(crate) struct EventLogAdapter(Core);

impl EventLogAdapter {
    pub(crate) fn new(core: Core) -> Self {
        Self(core)
    }
}

#[async_trait]
impl EventLog for EventLogAdapter {
    async fn append(&self, events: Vec<LoggedEvent>) -> Result<usize, StoreError> {
        let now = self.0.clock.now();
        let bytes = events.iter().map(|event| event.body.len() + 64).sum();
        let work = move |connection: &_| append::append(connection, &events, now);
        Ok(self.0.write(Order::Arrival, bytes, work).await?)
    }

    async fn events(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError> {
        let before = Place::Events.read(cursor)?;
        let query = query.clone();
        Ok(self
            .0
            .read(move |connection| list::list(connection, &query, before, limit))
            .await?)
    }

    async fn append_dead_letters(&self, letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
        let now = self.0.clock.now();
        let work = move |connection: &_| letters::append(connection, &letters, now);
        Ok(self.0.write(Order::Arrival, 0, work).await?)
    }

    async fn dead_letters(
        &self,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError> {
        let before = Place::DeadLetters.read(cursor)?;
        Ok(self
            .0
            .read(move |connection| letters::list(connection, before, limit))
            .await?)
    }

    async fn prune(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let limit = count(limit);
        let work = move |connection: &_| prune::prune(connection, before, limit);
        Ok(self.0.write(Order::Late, 0, work).await?)
    }

    async fn ping(&self, limit: Duration) -> Result<(), StoreError> {
        Ok(self.0.ping(limit).await?)
    }
}
