//! The part of a job's row that no query asks for, as it is stored.

use contracts::Priority;
use domain::Row;
use domain::limits::Hold;
use jiff::Timestamp;
use uuid::Uuid;

use super::codes::{hold, hold_code, priority, rank};
use super::facts::Facts;
use super::holds::is_by_limits;
use crate::codec::{Malformed, Reader, put_bytes, put_signed, put_varint};
use crate::codes::moment;

/// The notation of [`encode`]; the first byte of every state.
const VERSION: u8 = 2;

/// The notation before jobs had wishes: the same, with the first two flags only.
const WITHOUT_WISHES: u8 = 1;

const RELAY: u8 = 1;
const RUNS: u8 = 2;
const CANCELLING: u8 = 4;
const HELD: u8 = 8;
const ROUND: u8 = 16;
const UNIQUE_KEY: u8 = 32;
const SCHEDULE: u8 = 64;
const PRIORITY: u8 = 128;

/// Beside the reason why a job is held: the moment to look again follows.
const LOOK_AGAIN: u8 = 0x80;

/// What a state says, beside the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State<'b> {
    pub(super) created_at: Timestamp,
    pub(super) correlation_id: Uuid,
    pub(super) attempt: u32,
    pub(super) failures: u32,
    pub(super) crashes: u32,
    pub(super) round: u32,
    pub(super) relay: bool,
    pub(super) cancelling: bool,
    /// The worker and its claim, while it runs.
    pub(super) runs: Option<(&'b str, u64)>,
    /// Why it is held back; with limits as the reason, when to look again.
    pub(super) held: Option<(Hold, Option<Timestamp>)>,
    pub(super) priority: Priority,
    pub(super) unique_key: Option<&'b str>,
    pub(super) schedule: Option<&'b str>,
    pub(super) history: &'b [u8],
}

/// A job's state as it is stored. A claim is kept only while it runs, because nobody asks for it later.
pub(super) fn encode(facts: &Facts, row: &Row, history: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(history.len() + 96);
    out.push(VERSION);
    out.push(flags(facts, row));
    put_signed(&mut out, facts.created_at.as_microsecond());
    out.extend_from_slice(facts.correlation_id.as_bytes());
    for count in [row.attempt, row.failures, row.crashes] {
        put_varint(&mut out, u64::from(count));
    }
    if let Some(worker) = &row.worker {
        put_bytes(&mut out, worker.as_bytes());
        put_varint(&mut out, row.claim);
    }
    if let Some(reason) = row.held {
        put_hold(&mut out, reason, row.wake_at);
    }
    if row.round > 0 {
        put_varint(&mut out, u64::from(row.round));
    }
    for text in [&facts.unique_key, &facts.schedule].into_iter().flatten() {
        put_bytes(&mut out, text.as_bytes());
    }
    if facts.priority != Priority::default() {
        out.push(rank(facts.priority));
    }
    out.extend_from_slice(history);
    out
}

fn flags(facts: &Facts, row: &Row) -> u8 {
    let flag = |present: bool, flag: u8| if present { flag } else { 0 };
    flag(row.relay, RELAY)
        | flag(row.worker.is_some(), RUNS)
        | flag(row.cancelling, CANCELLING)
        | flag(row.held.is_some(), HELD)
        | flag(row.round > 0, ROUND)
        | flag(facts.unique_key.is_some(), UNIQUE_KEY)
        | flag(facts.schedule.is_some(), SCHEDULE)
        | flag(facts.priority != Priority::default(), PRIORITY)
}

/// A job that limits hold back is not among those that are due at a moment, so that its column has none.
fn put_hold(out: &mut Vec<u8>, reason: Hold, look_again_at: Option<Timestamp>) {
    match look_again_at.filter(|_| is_by_limits(reason)) {
        None => out.push(hold_code(reason)),
        Some(at) => {
            out.push(hold_code(reason) | LOOK_AGAIN);
            put_signed(out, at.as_microsecond());
        }
    }
}

/// Reads a state.
pub(super) fn decode(stored: &[u8]) -> Result<State<'_>, Malformed> {
    let mut reader = Reader::new(stored);
    let known = match reader.byte()? {
        VERSION => u8::MAX,
        WITHOUT_WISHES => RELAY | RUNS,
        _ => return Err(Malformed::Bad("state version")),
    };
    let flags = reader.byte()?;
    if flags & !known != 0 {
        return Err(Malformed::Bad("flags"));
    }
    let reader = &mut reader;
    Ok(State {
        relay: flags & RELAY != 0,
        cancelling: flags & CANCELLING != 0,
        created_at: moment(reader.signed()?)?,
        correlation_id: reader.uuid()?,
        attempt: reader.u32()?,
        failures: reader.u32()?,
        crashes: reader.u32()?,
        runs: given(flags, RUNS, || Ok((reader.text()?, reader.varint()?)))?,
        held: given(flags, HELD, || read_hold(reader))?,
        round: given(flags, ROUND, || reader.u32())?.unwrap_or(0),
        unique_key: given(flags, UNIQUE_KEY, || reader.text())?,
        schedule: given(flags, SCHEDULE, || reader.text())?,
        priority: given(flags, PRIORITY, || priority(reader.byte()?))?.unwrap_or_default(),
        history: reader.rest(),
    })
}

/// What follows if the flag is set.
fn given<T>(
    flags: u8,
    flag: u8,
    read: impl FnOnce() -> Result<T, Malformed>,
) -> Result<Option<T>, Malformed> {
    (flags & flag != 0).then(read).transpose()
}

fn read_hold(reader: &mut Reader<'_>) -> Result<(Hold, Option<Timestamp>), Malformed> {
    let code = reader.byte()?;
    let look_again_at = given(code, LOOK_AGAIN, || moment(reader.signed()?))?;
    Ok((hold(code & !LOOK_AGAIN)?, look_again_at))
}

#[cfg(test)]
mod tests;
