//! A job with as much around its row as a question needs.

use contracts::JobStatus;
use domain::query::{Body, Facts};
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use uuid::Uuid;

use super::errors::has_error;
use crate::codec::Malformed;
use crate::codes::{moment, status, uuid};
use crate::error::Failure;
use crate::jobs::row::wake_at;
use crate::jobs::state::{self, State};
use crate::jobs::{body, history};

/// A job as its row in the table says, which lends its texts: most jobs that are looked at do not match.
#[derive(Debug)]
pub(in crate::jobs) struct Known<'r> {
    pub(in crate::jobs) seq: i64,
    id: Uuid,
    job_type: &'r str,
    status: JobStatus,
    wake_at: Option<Timestamp>,
    accepted_at: Timestamp,
    updated_at: Timestamp,
    state: State<'r>,
    error: Option<&'r str>,
    tags: Vec<String>,
    body: Body,
}

impl<'r> Known<'r> {
    /// Reads a row with the columns of [`crate::jobs::row::FIND`], in their order, and `updated_at`.
    pub(in crate::jobs) fn read(row: &'r Row<'_>) -> Result<Self, Failure> {
        let seq = row.get(0)?;
        Self::decode(row, seq)?.map_err(|what| Failure::corrupt(format_args!("jobs {seq}"), what))
    }

    fn decode(row: &'r Row<'_>, seq: i64) -> Result<Result<Self, Malformed>, Failure> {
        let blob = |column| Ok::<_, Failure>(row.get_ref(column)?.as_blob().map_err(rusqlite::Error::from)?);
        let (job_type, state) = (blob(2)?, blob(5)?);
        let (code, due_at, updated_at) = (row.get(3)?, row.get::<_, Option<i64>>(4)?, row.get(6)?);
        let decode = || {
            let state = state::decode(state)?;
            Ok(Self {
                seq,
                id: uuid(row, 1)?,
                job_type: std::str::from_utf8(job_type).map_err(|_| Malformed::Bad("type"))?,
                status: status(code)?,
                wake_at: wake_at(&state, due_at.map(moment).transpose()?),
                accepted_at: history::first_at(state.created_at, state.history)?,
                updated_at: moment(updated_at)?,
                state,
                error: None,
                tags: Vec::new(),
                body: Body::default(),
            })
        };
        Ok(decode())
    }

    /// Reads its error out of its history.
    pub(in crate::jobs) fn read_error(&mut self) -> Result<(), Failure> {
        if has_error(self.status) {
            let error = history::last_error(self.state.history);
            self.error = error.map_err(|what| Failure::corrupt(format_args!("jobs {}", self.seq), what))?;
        }
        Ok(())
    }

    /// Reads its tags.
    pub(in crate::jobs) fn read_tags(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.tags = body::about(connection, self.seq)?.tags;
        Ok(())
    }

    /// Reads its tags, payload and metadata. A text that does not read has neither.
    pub(in crate::jobs) fn read_body(&mut self, connection: &Connection) -> Result<(), Failure> {
        let body = body::find(connection, self.seq)?;
        self.tags = body.tags;
        self.body = serde_json::from_slice(&body.json).unwrap_or_default();
        Ok(())
    }

    /// What a question is held against.
    pub(in crate::jobs) fn facts(&self) -> Facts<'_> {
        let state = &self.state;
        Facts {
            id: self.id,
            job_type: self.job_type,
            status: self.status,
            tags: &self.tags,
            priority: state.priority,
            unique_key: state.unique_key,
            schedule: state.schedule,
            held: state.held.map(|(reason, _)| reason),
            worker: state.runs.map(|(worker, _)| worker),
            error: self.error,
            attempt: state.attempt,
            failures: state.failures,
            crashes: state.crashes,
            accepted_at: self.accepted_at,
            created_at: state.created_at,
            updated_at: self.updated_at,
            wake_at: self.wake_at,
            payload: self.body.payload.as_ref(),
            metadata: self.body.metadata.as_ref(),
        }
    }
}
