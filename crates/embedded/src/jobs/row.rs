//! A job's row in the table, and `domain`'s view of it.

use domain::{JobEvent, Row};
use jiff::Timestamp;
use ports::NewJob;
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::history::{self, Facts, to_the_microsecond};
use crate::codec::{Malformed, Reader, put_bytes};
use crate::codes::{moment, status};
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
pub(super) const FIND: &str =
    "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker, claim,
            wake_at, relay, history
     FROM jobs WHERE id = ?1";

/// Reads a row with the columns of [`FIND`], in their order.
pub(super) fn stored(row: &rusqlite::Row<'_>) -> Result<Stored, Failure> {
    let seq: i64 = row.get(0)?;
    let corrupt = |what| Failure::corrupt(format_args!("jobs {seq}"), what);
    let facts = Facts {
        id: uuid(row, 1).map_err(corrupt)?,
        job_type: text(row, 2)?.ok_or_else(|| corrupt(Malformed::Bad("type")))?,
        created_at: moment(row.get(3)?).map_err(corrupt)?,
        correlation_id: uuid(row, 4).map_err(corrupt)?,
    };
    let wake_at = row.get::<_, Option<i64>>(11)?.map(moment).transpose();
    let rule = Row {
        status: status(row.get(5)?).map_err(corrupt)?,
        attempt: row.get(6)?,
        failures: row.get(7)?,
        crashes: row.get(8)?,
        worker: text(row, 9)?,
        claim: row.get::<_, i64>(10)?.cast_unsigned(),
        wake_at: wake_at.map_err(corrupt)?,
        relay: row.get(12)?,
    };
    Ok(Stored {
        seq,
        facts,
        row: rule,
        history: row.get(13)?,
    })
}

/// Client text out of a column of bytes.
pub(super) fn text(row: &rusqlite::Row<'_>, column: usize) -> Result<Option<String>, Failure> {
    let bytes: Option<Vec<u8>> = row.get(column)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| Failure::Corrupt(format!("text of column {column} is no UTF-8")))
}

pub(super) fn uuid(row: &rusqlite::Row<'_>, column: usize) -> Result<Uuid, Malformed> {
    let bytes = row.get_ref(column).ok().and_then(|value| value.as_blob().ok());
    let bytes = bytes.ok_or(Malformed::Bad("identifier"))?;
    Uuid::from_slice(bytes).map_err(|_| Malformed::Bad("identifier"))
}

/// The part of a job that never changes.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) accepted_at: Timestamp,
    pub(super) traceparent: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) body: Vec<u8>,
}

/// The part of a job that never changes, by its number.
pub(super) fn body(connection: &Connection, seq: i64) -> Result<Body, Failure> {
    let corrupt = |what| Failure::corrupt(format_args!("job_bodies {seq}"), what);
    let mut find = connection
        .prepare_cached("SELECT accepted_at, traceparent, tags, body FROM job_bodies WHERE seq = ?1")?;
    let found = find
        .query_row([seq], |row| {
            Ok((
                row.get(0)?,
                row.get::<_, Option<Vec<u8>>>(1)?,
                row.get::<_, Option<Vec<u8>>>(2)?,
                row.get(3)?,
            ))
        })
        .optional()?;
    let Some((accepted_at, traceparent, tags, body)) = found else {
        return Err(corrupt(Malformed::Short));
    };
    let traceparent = traceparent.map(String::from_utf8).transpose();
    Ok(Body {
        accepted_at: moment(accepted_at).map_err(corrupt)?,
        traceparent: traceparent.map_err(|_| corrupt(Malformed::Bad("text")))?,
        tags: decode_tags(tags.as_deref()).map_err(corrupt)?,
        body,
    })
}

pub(super) fn encode_tags(tags: &[String]) -> Option<Vec<u8>> {
    if tags.is_empty() {
        return None;
    }
    let mut out = Vec::new();
    tags.iter().for_each(|tag| put_bytes(&mut out, tag.as_bytes()));
    Some(out)
}

fn decode_tags(stored: Option<&[u8]>) -> Result<Vec<String>, Malformed> {
    let mut reader = Reader::new(stored.unwrap_or_default());
    let mut tags = Vec::new();
    while !reader.is_empty() {
        tags.push(reader.text()?.to_owned());
    }
    Ok(tags)
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
