//! The part of a job that never changes.

use jiff::Timestamp;
use ports::NewJob;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use crate::codec::{Malformed, Reader, put_bytes, put_signed, put_varint};
use crate::codes::moment;
use crate::error::Failure;

/// The notation of [`encode`]; the first byte of every `about`.
const VERSION: u8 = 1;

/// Stores a body.
pub(super) const INSERT: &str = "INSERT INTO job_bodies (seq, about, body) VALUES (?1, ?2, ?3)";

/// What was said of a job when it was made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) accepted_at: Timestamp,
    pub(super) traceparent: Option<String>,
    pub(super) tags: Vec<String>,
    /// The job object, JSON text.
    pub(super) json: Vec<u8>,
}

/// Stores a job's body under its number, by [`INSERT`].
pub(super) fn insert(statement: &mut CachedStatement<'_>, seq: i64, job: &NewJob) -> Result<(), Failure> {
    statement.execute(params![seq, encode(job), &job.body[..]])?;
    Ok(())
}

/// A job's body, by its number.
pub(super) fn find(connection: &Connection, seq: i64) -> Result<Body, Failure> {
    let corrupt = |what| Failure::corrupt(format_args!("job_bodies {seq}"), what);
    let mut find = connection.prepare_cached("SELECT about, body FROM job_bodies WHERE seq = ?1")?;
    let found: Option<(Vec<u8>, Vec<u8>)> = find
        .query_row([seq], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (about, body) = found.ok_or_else(|| corrupt(Malformed::Short))?;
    decode(&about, body).map_err(corrupt)
}

fn encode(job: &NewJob) -> Vec<u8> {
    let mut out = Vec::with_capacity(80);
    out.push(VERSION);
    put_signed(&mut out, job.accepted_at.as_microsecond());
    out.push(u8::from(job.traceparent.is_some()));
    if let Some(text) = &job.traceparent {
        put_bytes(&mut out, text.as_bytes());
    }
    put_varint(&mut out, job.tags.len() as u64);
    job.tags
        .iter()
        .for_each(|tag| put_bytes(&mut out, tag.as_bytes()));
    out
}

fn decode(about: &[u8], body: Vec<u8>) -> Result<Body, Malformed> {
    let mut reader = Reader::new(about);
    if reader.byte()? != VERSION {
        return Err(Malformed::Bad("version"));
    }
    let accepted_at = moment(reader.signed()?)?;
    let traced = reader.byte()? == 1;
    let traceparent = traced.then(|| reader.text().map(str::to_owned)).transpose()?;
    let mut tags = Vec::new();
    for _ in 0..reader.varint()? {
        tags.push(reader.text()?.to_owned());
    }
    Ok(Body {
        accepted_at,
        traceparent,
        tags,
        json: body,
    })
}
