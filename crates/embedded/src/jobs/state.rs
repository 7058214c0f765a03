//! The part of a job's row that no query asks for, as it is stored.

use domain::Row;
use jiff::Timestamp;
use uuid::Uuid;

use super::history::Facts;
use crate::codec::{Malformed, Reader, put_bytes, put_signed, put_varint};
use crate::codes::moment;

/// The notation of [`encode`]; the first byte of every state.
const VERSION: u8 = 1;

const RELAY: u8 = 1;
const HELD: u8 = 2;

/// What a state says, beside the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct State<'b> {
    pub(super) created_at: Timestamp,
    pub(super) correlation_id: Uuid,
    pub(super) attempt: u32,
    pub(super) failures: u32,
    pub(super) crashes: u32,
    pub(super) relay: bool,
    /// The worker and its claim, while it runs.
    pub(super) held: Option<(&'b str, u64)>,
    pub(super) history: &'b [u8],
}

/// A job's state as it is stored. A claim is kept only while it runs, because nobody asks for it later.
pub(super) fn encode(facts: &Facts, row: &Row, history: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(history.len() + 96);
    out.push(VERSION);
    let relay = if row.relay { RELAY } else { 0 };
    out.push(relay | if row.worker.is_some() { HELD } else { 0 });
    put_signed(&mut out, facts.created_at.as_microsecond());
    out.extend_from_slice(facts.correlation_id.as_bytes());
    for count in [row.attempt, row.failures, row.crashes] {
        put_varint(&mut out, u64::from(count));
    }
    if let Some(worker) = &row.worker {
        put_bytes(&mut out, worker.as_bytes());
        put_varint(&mut out, row.claim);
    }
    out.extend_from_slice(history);
    out
}

pub(super) fn decode(stored: &[u8]) -> Result<State<'_>, Malformed> {
    let mut reader = Reader::new(stored);
    if reader.byte()? != VERSION {
        return Err(Malformed::Bad("state version"));
    }
    let flags = reader.byte()?;
    Ok(State {
        relay: flags & RELAY != 0,
        created_at: moment(reader.signed()?)?,
        correlation_id: reader.uuid()?,
        attempt: reader.u32()?,
        failures: reader.u32()?,
        crashes: reader.u32()?,
        held: if flags & HELD == 0 {
            None
        } else {
            Some((reader.text()?, reader.varint()?))
        },
        history: reader.rest(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        Facts {
            id: Uuid::from_u128(7),
            job_type: "echo".to_owned(),
            created_at: moment(-5).unwrap(),
            correlation_id: Uuid::from_u128(8),
        }
    }

    #[test]
    fn a_state_comes_back_as_it_was() {
        let mut row = Row::pending(Timestamp::UNIX_EPOCH);
        row.start("w", u64::MAX >> 1);
        row.failures = 3;
        row.relay = true;
        let stored = encode(&facts(), &row, &[1, 2, 3]);
        let state = decode(&stored).unwrap();
        assert_eq!(
            (state.attempt, state.failures, state.crashes, state.relay),
            (1, 3, 0, true)
        );
        assert_eq!(state.held, Some(("w", u64::MAX >> 1)));
        assert_eq!(
            (state.created_at, state.correlation_id),
            (facts().created_at, facts().correlation_id)
        );
        assert_eq!(state.history, [1, 2, 3]);
        for cut in 0..stored.len() - 3 {
            assert!(decode(&stored[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn a_job_that_does_not_run_is_held_by_nobody() {
        let mut row = Row::pending(Timestamp::UNIX_EPOCH);
        row.claim = 99;
        let stored = encode(&facts(), &row, &[]);
        assert_eq!(decode(&stored).unwrap().held, None);
        assert_eq!(decode(&[9]), Err(Malformed::Bad("state version")));
    }
}
