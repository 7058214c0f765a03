//! A job's row in the table, and `domain`'s view of it.

use domain::{JobEvent, Row};
use ports::NewJob;

use super::history::{self, Facts, to_the_microsecond};
use super::state;
use crate::codec::Malformed;
use crate::codes::{moment, status, uuid};
use crate::error::Failure;

/// A job as the table has it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) facts: Facts,
    pub(super) row: Row,
    pub(super) history: Vec<u8>,
}

impl Stored {
    /// The job's life so far.
    pub(super) fn events(&self) -> Result<Vec<JobEvent>, Failure> {
        history::decode(&self.facts, &self.history)
            .map_err(|what| Failure::corrupt(format_args!("history of job {}", self.facts.id), what))
    }

    /// Adds an event to the history. `holder` is the worker that held the job before the transition.
    pub(super) fn append(&mut self, event: &JobEvent, holder: Option<&str>) {
        history::append(&mut self.history, event, holder);
    }
}

/// Finds a job by its identifier.
pub(super) const FIND: &str = "SELECT seq, id, job_type, status, wake_at, state FROM jobs WHERE id = ?1";

/// Finds a job by its number.
pub(super) const FIND_SEQ: &str = "SELECT seq, id, job_type, status, wake_at, state FROM jobs WHERE seq = ?1";

/// Reads a row with the columns of [`FIND`], in their order.
pub(super) fn stored(row: &rusqlite::Row<'_>) -> Result<Stored, Failure> {
    let seq: i64 = row.get(0)?;
    let corrupt = |what| Failure::corrupt(format_args!("jobs {seq}"), what);
    let bytes = row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
    let state = state::decode(bytes).map_err(corrupt)?;
    let facts = Facts {
        id: uuid(row, 1).map_err(corrupt)?,
        job_type: text(row, 2)?.ok_or_else(|| corrupt(Malformed::Bad("type")))?,
        created_at: state.created_at,
        correlation_id: state.correlation_id,
    };
    let wake_at = row.get::<_, Option<i64>>(4)?.map(moment).transpose();
    let (worker, claim) = state.held.unzip();
    Ok(Stored {
        seq,
        facts,
        row: Row {
            status: status(row.get(3)?).map_err(corrupt)?,
            attempt: state.attempt,
            failures: state.failures,
            crashes: state.crashes,
            worker: worker.map(str::to_owned),
            claim: claim.unwrap_or(0),
            wake_at: wake_at.map_err(corrupt)?,
            relay: state.relay,
        },
        history: state.history.to_vec(),
    })
}

/// Client text out of a column of bytes.
pub(super) fn text(row: &rusqlite::Row<'_>, column: usize) -> Result<Option<String>, Failure> {
    let bytes: Option<Vec<u8>> = row.get(column)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| Failure::Corrupt(format!("text of column {column} is no UTF-8")))
}

/// The first event of a job's life.
pub(super) fn created(job: &NewJob) -> (Facts, JobEvent) {
    let facts = Facts {
        id: job.id,
        job_type: job.job_type.clone(),
        created_at: to_the_microsecond(job.created_at),
        correlation_id: job.correlation_id,
    };
    let event = facts.event(contracts::EventType::Created, 0, job.accepted_at);
    (facts, event)
}
