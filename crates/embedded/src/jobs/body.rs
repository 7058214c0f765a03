//! The part of a job that never changes.

use jiff::Timestamp;
use ports::NewJob;
use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::facts::Facts;
use crate::codec::{Malformed, Reader, put_bytes, put_signed, put_varint};
use crate::codes::moment;
use crate::error::Failure;

/// The notation of [`encode`]; the first byte of every `about`.
const VERSION: u8 = 1;

const TRACED: u8 = 1;
/// Not in what the first programs wrote.
const RUN_AT: u8 = 2;

/// Stores a body.
pub(super) const INSERT: &str = "INSERT INTO job_bodies (seq, about, body) VALUES (?1, ?2, ?3)";

/// What was said of a job when it was made, beside [`super::facts::Facts`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) accepted_at: Timestamp,
    pub(super) traceparent: Option<String>,
    pub(super) run_at: Option<Timestamp>,
    pub(super) tags: Vec<String>,
    /// The job object, JSON text.
    pub(super) json: Vec<u8>,
}

impl Body {
    /// The job as it was created.
    pub(super) fn job(self, facts: Facts) -> NewJob {
        NewJob {
            id: facts.id,
            job_type: facts.job_type,
            created_at: facts.created_at,
            accepted_at: self.accepted_at,
            correlation_id: facts.correlation_id,
            traceparent: self.traceparent,
            tags: self.tags,
            priority: facts.priority,
            run_at: self.run_at,
            unique_key: facts.unique_key,
            schedule: facts.schedule,
            body: self.json.into(),
        }
    }
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

/// What was said of a job, by its number, without its text.
pub(super) fn about(connection: &Connection, seq: i64) -> Result<Body, Failure> {
    let corrupt = |what| Failure::corrupt(format_args!("job_bodies {seq}"), what);
    let mut find = connection.prepare_cached("SELECT about FROM job_bodies WHERE seq = ?1")?;
    let about: Option<Vec<u8>> = find.query_row([seq], |row| row.get(0)).optional()?;
    decode(&about.ok_or_else(|| corrupt(Malformed::Short))?, Vec::new()).map_err(corrupt)
}

/// Forgets a job's body.
pub(super) fn forget(connection: &Connection, seq: i64) -> Result<(), Failure> {
    let mut delete = connection.prepare_cached("DELETE FROM job_bodies WHERE seq = ?1")?;
    delete.execute([seq])?;
    Ok(())
}

fn encode(job: &NewJob) -> Vec<u8> {
    let mut out = Vec::with_capacity(80);
    out.push(VERSION);
    put_signed(&mut out, job.accepted_at.as_microsecond());
    let flag = |present: bool, flag: u8| if present { flag } else { 0 };
    out.push(flag(job.traceparent.is_some(), TRACED) | flag(job.run_at.is_some(), RUN_AT));
    if let Some(text) = &job.traceparent {
        put_bytes(&mut out, text.as_bytes());
    }
    if let Some(run_at) = job.run_at {
        put_signed(&mut out, run_at.as_microsecond());
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
    let flags = reader.byte()?;
    let traced = (flags & TRACED != 0).then(|| reader.text().map(str::to_owned));
    let traceparent = traced.transpose()?;
    let run_at = (flags & RUN_AT != 0)
        .then(|| moment(reader.signed()?))
        .transpose()?;
    let mut tags = Vec::new();
    for _ in 0..reader.varint()? {
        tags.push(reader.text()?.to_owned());
    }
    Ok(Body {
        accepted_at,
        traceparent,
        run_at,
        tags,
        json: body,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{at, job};
    use super::*;

    #[test]
    fn what_was_said_comes_back() {
        for (traceparent, run_at) in [
            (None, None),
            (Some("00-1-2-01".to_owned()), None),
            (None, Some(at(9))),
            (Some("t".to_owned()), Some(at(-9))),
        ] {
            let job = NewJob {
                traceparent,
                run_at,
                tags: vec!["eu".to_owned(), String::new()],
                ..job(7)
            };
            let about = encode(&job);
            let body = decode(&about, job.body.to_vec()).unwrap();
            assert_eq!((body.traceparent, body.run_at), (job.traceparent, job.run_at));
            assert_eq!((body.accepted_at, body.tags), (job.accepted_at, job.tags));
            for cut in 0..about.len() {
                assert!(decode(&about[..cut], Vec::new()).is_err(), "cut at {cut}");
            }
        }
    }
}
