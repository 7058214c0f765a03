//! Events oldest first, from a place on.
//!
//! Nothing is ever committed behind a place that was given out: one thread writes, and a block is numbered in the
//! transaction that commits it.

use ports::{Followed, LoggedEvent};
use rusqlite::{Connection, OptionalExtension};

use super::block::{corrupt, items};
use super::spot::{List, Spot};
use crate::error::Failure;

/// The events from `from` on, at most `limit`; none, and the end of the log, without `from`.
pub(super) fn follow(connection: &Connection, from: Option<Spot>, limit: usize) -> Result<Followed, Failure> {
    let Some(from) = from else {
        return Ok(answer(Vec::new(), end(connection)?));
    };
    let (events, next) = read(connection, from, limit)?;
    if events.is_empty() && from.block > end(connection)?.block {
        return Err(Failure::Refused(
            "cursor is of another log: it is behind the end".to_owned(),
        ));
    }
    Ok(answer(events, next))
}

fn answer(events: Vec<LoggedEvent>, next: Spot) -> Followed {
    Followed {
        events,
        cursor: next.write(List::Following),
    }
}

/// The place of the event that arrives next. The number of the last block is known when it has been pruned, too.
fn end(connection: &Connection) -> Result<Spot, Failure> {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'event_blocks'";
    let mut find = connection.prepare_cached(sql)?;
    let last: Option<i64> = find.query_row([], |row| row.get(0)).optional()?;
    Ok(Spot::start_of(last.unwrap_or(0) + 1))
}

fn read(connection: &Connection, from: Spot, limit: usize) -> Result<(Vec<LoggedEvent>, Spot), Failure> {
    let mut find =
        connection.prepare_cached("SELECT seq, body FROM event_blocks WHERE seq >= ?1 ORDER BY seq")?;
    let mut rows = find.query([from.block])?;
    let (mut events, mut next) = (Vec::new(), from);
    while events.len() < limit
        && let Some(row) = rows.next()?
    {
        let seq = row.get(0)?;
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        next = add(&mut events, limit, seq, body, next)?;
    }
    Ok((events, next))
}

/// Adds what a block has from `from` on, and returns where to go on.
fn add(
    events: &mut Vec<LoggedEvent>,
    limit: usize,
    seq: i64,
    stored: &[u8],
    from: Spot,
) -> Result<Spot, Failure> {
    for item in items(stored).map_err(|what| corrupt(seq, what))? {
        let spot = Spot {
            block: seq,
            number: item.number,
        };
        if spot < from {
            continue;
        }
        if events.len() == limit {
            return Ok(spot);
        }
        events.push(item.event().map_err(|what| corrupt(seq, what))?);
    }
    // Not behind the last event, so that whoever asks again does not read the block again.
    Ok(Spot::start_of(seq + 1))
}
