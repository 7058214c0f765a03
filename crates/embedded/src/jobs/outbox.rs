//! Events that no message carries.

use domain::JobEvent;
use ports::OutboxEntry;
use rusqlite::Connection;

use crate::error::Failure;

/// Leaves an event for the relay.
pub(super) fn put(connection: &Connection, event: &JobEvent) -> Result<(), Failure> {
    let text = serde_json::to_vec(event).map_err(|error| Failure::Refused(error.to_string()))?;
    let mut insert = connection.prepare_cached("INSERT INTO outbox (event) VALUES (?1)")?;
    insert.execute([text])?;
    Ok(())
}

/// The oldest events.
pub(super) fn oldest(connection: &Connection, limit: i64) -> Result<Vec<OutboxEntry>, Failure> {
    let mut find = connection.prepare_cached("SELECT seq, event FROM outbox ORDER BY seq LIMIT ?1")?;
    let mut rows = find.query([limit])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let text: Vec<u8> = row.get(1)?;
        let event = serde_json::from_slice(&text)
            .map_err(|error| Failure::Corrupt(format!("outbox {seq}: {error}")))?;
        entries.push(OutboxEntry {
            seq: seq.cast_unsigned(),
            event,
        });
    }
    Ok(entries)
}

/// Forgets events that are published.
pub(super) fn clear(connection: &Connection, seqs: &[u64]) -> Result<(), Failure> {
    let mut delete = connection.prepare_cached("DELETE FROM outbox WHERE seq = ?1")?;
    for seq in seqs {
        delete.execute([seq.cast_signed()])?;
    }
    Ok(())
}
