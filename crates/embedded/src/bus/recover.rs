//! The state of the bus after a start: what was saved, and what is in the log.

use ports::Queue;
use rusqlite::{Connection, OptionalExtension, Row};

use super::block::{Block, decode, decode_counts};
use super::cursor;
use super::journal::Journal;
use super::queue::QueueState;
use super::retention::{Retention, oldest_end_of};
use super::shared::{Bus, SharedQueue};
use crate::codes::{QUEUES, queue_code};
use crate::core::Core;
use crate::error::Failure;

impl Bus {
    /// Reads the state of the bus. `in_order` says whether the last process saved everything that it knew;
    /// if not, whatever is in the log may have been delivered before.
    pub(crate) fn recover(
        connection: &Connection,
        core: Core,
        max_backlog: u64,
        in_order: bool,
    ) -> Result<Self, Failure> {
        let mut states = Vec::with_capacity(QUEUES.len());
        for queue in QUEUES {
            states.push(saved(connection, queue)?);
        }
        let log = survey(connection, &mut states)?;
        let furthest = states.iter().map(|state| state.next_seq).max();
        let next_seq = furthest.unwrap_or(1).max(log.end).max(1);
        let mut states = states.into_iter();
        let queues = QUEUES.map(|queue| {
            let mut state = states
                .next()
                .unwrap_or_else(|| QueueState::new(queue, next_seq, cursor::Outstanding::new()));
            state.suspect_before = if in_order { 0 } else { next_seq };
            state.grow(0, next_seq);
            SharedQueue::new(state)
        });
        let retention = Retention::new(oldest_end_of(connection)?);
        let journal = Journal::new(next_seq, retention);
        Ok(Self::new(core, max_backlog, log.bytes, journal, queues))
    }
}

fn saved(connection: &Connection, queue: Queue) -> Result<QueueState, Failure> {
    let place = connection
        .query_row(
            "SELECT next_seq, outstanding FROM bus_queue WHERE queue = ?1",
            [queue_code(queue)],
            |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)),
        )
        .optional()?;
    let Some((next_seq, outstanding)) = place else {
        return Ok(QueueState::new(queue, 1, cursor::Outstanding::new()));
    };
    let outstanding = cursor::decode(&outstanding)
        .map_err(|what| Failure::corrupt(format_args!("bus_queue {}", queue.name()), what))?;
    Ok(QueueState::new(queue, next_seq.cast_unsigned(), outstanding))
}

struct Log {
    end: u64,
    bytes: u64,
}

/// Measures the log, and counts for every queue what it has not read.
fn survey(connection: &Connection, states: &mut [QueueState]) -> Result<Log, Failure> {
    let mut find = connection
        .prepare("SELECT first_seq, last_seq, counts, length(body) FROM bus_log ORDER BY first_seq")?;
    let mut rows = find.query([])?;
    let mut log = Log { end: 0, bytes: 0 };
    while let Some(row) = rows.next()? {
        let (first, end) = bounds(row)?;
        let counts = decode_counts(row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?);
        let counts =
            counts.map_err(|what| Failure::corrupt(format_args!("bus_log {first}, counts"), what))?;
        log.end = end;
        log.bytes += row.get::<_, i64>(3)?.cast_unsigned();
        for state in &mut *states {
            if first >= state.next_seq {
                state.unread += counts[usize::from(queue_code(state.queue))];
            } else if end > state.next_seq {
                state.unread += unread(&read(connection, first, end)?, state);
            }
        }
    }
    Ok(log)
}

fn unread(block: &Block, state: &QueueState) -> u64 {
    let unread = |entry: &&super::block::Entry| entry.seq >= state.next_seq && entry.queues.has(state.queue);
    block.entries.iter().filter(unread).count() as u64
}

fn read(connection: &Connection, first: u64, end: u64) -> Result<Block, Failure> {
    let mut find = connection.prepare_cached("SELECT body FROM bus_log WHERE first_seq = ?1")?;
    let body: Vec<u8> = find.query_row([first.cast_signed()], |row| row.get(0))?;
    decode(first, end, &body).map_err(|what| Failure::corrupt(format_args!("bus_log {first}"), what))
}

/// Where a block starts and ends, out of the first two columns.
pub(super) fn bounds(row: &Row<'_>) -> rusqlite::Result<(u64, u64)> {
    let first = row.get::<_, i64>(0)?.cast_unsigned();
    let last = row.get::<_, i64>(1)?.cast_unsigned();
    Ok((first, last.saturating_add(1)))
}
