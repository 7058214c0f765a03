//! Keeps events, each once.

use jiff::Timestamp;
use ports::LoggedEvent;
use rusqlite::{Connection, params};

use crate::codes::event_code;
use crate::error::Failure;

/// Keeps the events that are not known yet and returns how many these were.
pub(super) fn append(
    connection: &Connection,
    events: &[LoggedEvent],
    now: Timestamp,
) -> Result<usize, Failure> {
    let mut insert = connection.prepare_cached(
        "INSERT OR IGNORE INTO events (job_id, event_id, event_type, occurred_at, kept_at, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let now = now.as_microsecond();
    let mut new = 0;
    for event in events {
        new += insert.execute(params![
            event.job_id.as_bytes(),
            event.event_id.as_bytes(),
            event_code(event.event_type),
            event.occurred_at.as_microsecond(),
            now,
            &event.body[..],
        ])?;
    }
    Ok(new)
}
