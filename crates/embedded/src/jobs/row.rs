//! A job's row in the table, and `domain`'s view of it.

use domain::{JobEvent, Row};
use jiff::Timestamp;
use ports::NewJob;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::history::{self, Facts, to_the_microsecond};
use crate::codec::{Malformed, Reader, put_bytes};
use crate::codes::{moment, status, status_code};
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
pub(super) fn find(connection: &Connection, id: Uuid) -> Result<Option<Stored>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker, claim,
                wake_at, relay, history
         FROM jobs WHERE id = ?1",
    )?;
    let mut rows = find.query([id.as_bytes()])?;
    rows.next()?.map(stored).transpose()
}

/// Reads a row with the columns of [`find`], in their order.
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

/// Stores a job that is not known yet, in the state that `row` says, with the events so far.
pub(super) fn insert(
    connection: &Connection,
    job: &NewJob,
    row: &Row,
    history: &[u8],
    updated_at: Timestamp,
) -> Result<(), Failure> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO jobs (id, job_type, created_at, correlation, status, attempt, failures, crashes, worker,
                           claim, wake_at, relay, updated_at, history)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?;
    let seq = insert.insert(params![
        job.id.as_bytes(),
        job.job_type.as_bytes(),
        job.created_at.as_microsecond(),
        job.correlation_id.as_bytes(),
        status_code(row.status),
        row.attempt,
        row.failures,
        row.crashes,
        row.worker.as_ref().map(String::as_bytes),
        row.claim.cast_signed(),
        row.wake_at.map(Timestamp::as_microsecond),
        row.relay,
        updated_at.as_microsecond(),
        history,
    ])?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO job_bodies (seq, accepted_at, traceparent, tags, body) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute(params![
        seq,
        job.accepted_at.as_microsecond(),
        job.traceparent.as_ref().map(String::as_bytes),
        encode_tags(&job.tags),
        &job.body[..],
    ])?;
    Ok(())
}

/// Writes a transition back.
pub(super) fn update(connection: &Connection, stored: &Stored, updated_at: Timestamp) -> Result<(), Failure> {
    let row = &stored.row;
    let mut update = connection.prepare_cached(
        "UPDATE jobs SET status = ?2, attempt = ?3, failures = ?4, crashes = ?5, worker = ?6, claim = ?7,
                wake_at = ?8, relay = ?9, updated_at = ?10, history = ?11
         WHERE seq = ?1",
    )?;
    // Only a running attempt's claim is ever asked for.
    let claim = if row.worker.is_some() { row.claim } else { 0 };
    update.execute(params![
        stored.seq,
        status_code(row.status),
        row.attempt,
        row.failures,
        row.crashes,
        row.worker.as_ref().map(String::as_bytes),
        claim.cast_signed(),
        row.wake_at.map(Timestamp::as_microsecond),
        row.relay,
        updated_at.as_microsecond(),
        &stored.history,
    ])?;
    Ok(())
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
    let mut find =
        connection.prepare_cached("SELECT accepted_at, traceparent, tags, body FROM job_bodies WHERE seq = ?1")?;
    let found = find
        .query_row([seq], |row| {
            Ok((row.get(0)?, row.get::<_, Option<Vec<u8>>>(1)?, row.get::<_, Option<Vec<u8>>>(2)?, row.get(3)?))
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

fn encode_tags(tags: &[String]) -> Option<Vec<u8>> {
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
