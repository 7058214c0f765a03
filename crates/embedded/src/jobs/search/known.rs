//! A job with as much around its row as a question needs.

use domain::query::{Body, Facts};
use jiff::Timestamp;
use rusqlite::Connection;

use super::errors::has_error;
use crate::error::Failure;
use crate::jobs::body;
use crate::jobs::row::Stored;

/// A job, and what was read of it beside its row.
#[derive(Debug)]
pub(in crate::jobs) struct Known {
    pub(in crate::jobs) stored: Stored,
    accepted_at: Timestamp,
    updated_at: Timestamp,
    error: Option<String>,
    tags: Vec<String>,
    body: Body,
}

impl Known {
    /// What the row alone says.
    pub(in crate::jobs) fn of(stored: Stored, updated_at: Timestamp) -> Result<Self, Failure> {
        Ok(Self {
            accepted_at: stored.accepted_at()?,
            updated_at,
            stored,
            error: None,
            tags: Vec::new(),
            body: Body::default(),
        })
    }

    /// Reads its error out of its history.
    pub(in crate::jobs) fn read_error(&mut self) -> Result<(), Failure> {
        if has_error(self.stored.row.status) {
            self.error = self.stored.last_error()?.map(str::to_owned);
        }
        Ok(())
    }

    /// Reads its tags.
    pub(in crate::jobs) fn read_tags(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.tags = body::about(connection, self.stored.seq)?.tags;
        Ok(())
    }

    /// Reads its tags, payload and metadata. A text that does not read has neither.
    pub(in crate::jobs) fn read_body(&mut self, connection: &Connection) -> Result<(), Failure> {
        let body = body::find(connection, self.stored.seq)?;
        self.tags = body.tags;
        self.body = serde_json::from_slice(&body.json).unwrap_or_default();
        Ok(())
    }

    /// What a question is held against.
    pub(in crate::jobs) fn facts(&self) -> Facts<'_> {
        let Stored { facts, row, .. } = &self.stored;
        Facts {
            id: facts.id,
            job_type: &facts.job_type,
            status: row.status,
            tags: &self.tags,
            priority: facts.priority,
            unique_key: facts.unique_key.as_deref(),
            schedule: facts.schedule.as_deref(),
            held: row.held,
            worker: row.worker.as_deref(),
            error: self.error.as_deref(),
            attempt: row.attempt,
            failures: row.failures,
            crashes: row.crashes,
            accepted_at: self.accepted_at,
            created_at: facts.created_at,
            updated_at: self.updated_at,
            wake_at: row.wake_at,
            payload: self.body.payload.as_ref(),
            metadata: self.body.metadata.as_ref(),
        }
    }
}
