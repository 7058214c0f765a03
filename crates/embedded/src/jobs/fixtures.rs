//! What the tests of these modules have in common.

use std::sync::Arc;

use bytes::Bytes;
use contracts::Priority;
use domain::SystemClock;
use jiff::Timestamp;
use ports::NewJob;
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::facts::Facts;
use super::recent::Recent;
use super::table::Table;
use crate::codes::moment;
use crate::error::Failure;
use crate::writer::Attendant;
use crate::{Database, OpenOptions};

/// The moment so many seconds after the tests' zero.
pub(super) fn at(seconds: i64) -> Timestamp {
    moment(1_760_000_000_000_000 + seconds * 1_000_000).unwrap()
}

/// A job of which nobody wants anything.
pub(super) fn job(number: u128) -> NewJob {
    NewJob {
        id: Uuid::from_u128(number),
        job_type: "echo".to_owned(),
        created_at: moment(-5).unwrap(),
        accepted_at: at(0),
        correlation_id: Uuid::from_u128(8),
        traceparent: None,
        tags: Vec::new(),
        priority: Priority::default(),
        run_at: None,
        unique_key: None,
        schedule: None,
        body: Bytes::from_static(b"{}"),
    }
}

pub(super) fn facts(number: u128) -> Facts {
    Facts::of(&job(number))
}

/// Text that a client may have given.
pub(super) fn text() -> impl Strategy<Value = Option<String>> {
    any::<Option<String>>()
}

/// A database as the writer has it: one connection, and what is remembered of it.
pub(super) struct Desk {
    pub(super) connection: Connection,
    pub(super) recent: Recent,
    _directory: TempDir,
}

impl Desk {
    pub(super) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let options = OpenOptions::new(Arc::new(SystemClock));
        Database::open(directory.path(), options).unwrap().close();
        let connection = Connection::open(directory.path().join("observatory.sqlite")).unwrap();
        Self {
            connection,
            recent: Recent::default(),
            _directory: directory,
        }
    }

    /// One operation in a group of its own.
    pub(super) fn write<T>(&self, work: impl FnOnce(&mut Table<'_>) -> Result<T, Failure>) -> T {
        self.connection.execute_batch("BEGIN").unwrap();
        let value = work(&mut Table::new(&self.connection, &self.recent).unwrap()).unwrap();
        self.recent.write(&self.connection).unwrap();
        self.connection.execute_batch("COMMIT").unwrap();
        self.recent.committed();
        value
    }

    /// An operation that comes to nothing.
    pub(super) fn roll_back<T>(&self, work: impl FnOnce(&mut Table<'_>) -> Result<T, Failure>) -> T {
        self.connection.execute_batch("BEGIN").unwrap();
        let value = work(&mut Table::new(&self.connection, &self.recent).unwrap()).unwrap();
        self.connection.execute_batch("ROLLBACK").unwrap();
        self.recent.rolled_back();
        value
    }

    /// Another process takes over.
    pub(super) fn reopen(self) -> Self {
        Self {
            recent: Recent::default(),
            ..self
        }
    }

    /// How many rows a table has.
    pub(super) fn count(&self, table: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        self.connection.query_row(&sql, [], |row| row.get(0)).unwrap()
    }
}
