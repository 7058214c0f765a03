//! A job's life as it is stored in its row: the events one after another, without what they share.

use domain::JobEvent;
use jiff::Timestamp;

use super::facts::Facts;
use crate::codec::{Malformed, Reader, put_bytes, put_signed, put_varint};
use crate::codes::{event_code, event_type, moment};

/// The notation of [`append`]; the first byte of every history.
const VERSION: u8 = 1;

const WORKER: u8 = 1;
const SAME_WORKER: u8 = 2;
const ERROR: u8 = 4;
const RAN: u8 = 8;
const RUN_AT: u8 = 16;
const ROUND: u8 = 32;

/// The beginning of a history.
pub(super) fn begin() -> Vec<u8> {
    let mut history = Vec::with_capacity(96);
    history.push(VERSION);
    history
}

/// Appends an event. `last_worker` is the worker of the latest event that had one, where it is known: its
/// name is then not repeated.
pub(super) fn append(history: &mut Vec<u8>, event: &JobEvent, last_worker: Option<&str>) {
    let same = event.worker.is_some() && event.worker.as_deref() == last_worker;
    let flag = |present: bool, flag: u8| if present { flag } else { 0 };
    history.push(event_code(event.event_type));
    history.push(
        flag(event.worker.is_some() && !same, WORKER)
            | flag(same, SAME_WORKER)
            | flag(event.error.is_some(), ERROR)
            | flag(event.run_micros.is_some(), RAN)
            | flag(event.run_at.is_some(), RUN_AT)
            | flag(event.round > 0, ROUND),
    );
    put_varint(history, u64::from(event.attempt));
    // Distances are taken modulo 2^64: whatever clients write for a time, it comes back.
    let distance = |from: Timestamp, to: Timestamp| to.as_microsecond().wrapping_sub(from.as_microsecond());
    put_signed(history, distance(event.created_at, event.at));
    if let Some(worker) = event.worker.as_deref().filter(|_| !same) {
        put_bytes(history, worker.as_bytes());
    }
    if let Some(error) = &event.error {
        put_bytes(history, error.as_bytes());
    }
    if let Some(micros) = event.run_micros {
        put_varint(history, micros);
    }
    if let Some(run_at) = event.run_at {
        put_signed(history, distance(event.at, run_at));
    }
    if event.round > 0 {
        put_varint(history, u64::from(event.round));
    }
}

/// When the first event happened: the moment at which the job was accepted.
pub(super) fn first_at(created_at: Timestamp, history: &[u8]) -> Result<Timestamp, Malformed> {
    let mut reader = begun(history)?;
    let (_type, _flags, _attempt) = (reader.byte()?, reader.byte()?, reader.u32()?);
    after(created_at, reader.signed()?)
}

/// The error of the last event with which an attempt ended, if it has one: what [`super::detail::summary`] finds among
/// the events, without making them.
pub(super) fn last_error(history: &[u8]) -> Result<Option<&str>, Malformed> {
    let mut reader = begun(history)?;
    let mut last = None;
    while !reader.is_empty() {
        let (ends_an_attempt, error) = skim(&mut reader)?;
        if ends_an_attempt {
            last = error;
        }
    }
    Ok(last)
}

/// Passes over an event. Says whether an attempt ended with it, and its error.
fn skim<'h>(reader: &mut Reader<'h>) -> Result<(bool, Option<&'h str>), Malformed> {
    let (_type, flags) = (reader.byte()?, reader.byte()?);
    let (_attempt, _at) = (reader.u32()?, reader.signed()?);
    if flags & WORKER != 0 {
        reader.bytes()?;
    }
    let error = (flags & ERROR != 0).then(|| reader.text()).transpose()?;
    let ran = flags & RAN != 0;
    if ran {
        reader.varint()?;
    }
    if flags & RUN_AT != 0 {
        reader.signed()?;
    }
    if flags & ROUND != 0 {
        reader.u32()?;
    }
    Ok((ran || error.is_some(), error))
}

/// Reads a history.
pub(super) fn decode(facts: &Facts, history: &[u8]) -> Result<Vec<JobEvent>, Malformed> {
    let mut reader = begun(history)?;
    let mut events = Vec::new();
    let mut last_worker: Option<String> = None;
    while !reader.is_empty() {
        let event = next(&mut reader, facts, last_worker.as_deref())?;
        if event.worker.is_some() {
            last_worker.clone_from(&event.worker);
        }
        events.push(event);
    }
    Ok(events)
}

fn begun(history: &[u8]) -> Result<Reader<'_>, Malformed> {
    let mut reader = Reader::new(history);
    match reader.byte()? {
        VERSION => Ok(reader),
        _ => Err(Malformed::Bad("history version")),
    }
}

fn next(reader: &mut Reader<'_>, facts: &Facts, last_worker: Option<&str>) -> Result<JobEvent, Malformed> {
    let event_type = event_type(reader.byte()?)?;
    let flags = reader.byte()?;
    let attempt = reader.u32()?;
    let at = after(facts.created_at, reader.signed()?)?;
    let mut event = facts.event(event_type, attempt, at);
    if flags & WORKER != 0 {
        event.worker = Some(reader.text()?.to_owned());
    } else if flags & SAME_WORKER != 0 {
        event.worker = Some(last_worker.ok_or(Malformed::Bad("worker"))?.to_owned());
    }
    if flags & ERROR != 0 {
        event.error = Some(reader.text()?.to_owned());
    }
    if flags & RAN != 0 {
        event.run_micros = Some(reader.varint()?);
    }
    if flags & RUN_AT != 0 {
        event.run_at = Some(after(at, reader.signed()?)?);
    }
    if flags & ROUND != 0 {
        event.round = reader.u32()?;
    }
    Ok(event)
}

fn after(from: Timestamp, distance: i64) -> Result<Timestamp, Malformed> {
    moment(from.as_microsecond().wrapping_add(distance))
}

#[cfg(test)]
mod tests;
