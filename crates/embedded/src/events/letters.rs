//! Dead letters.

use jiff::Timestamp;
use ports::{Page, StoredDeadLetter};
use rusqlite::{Connection, params};

use crate::codes::uuid;
use crate::error::Failure;
use crate::place::Place;

/// Keeps the letters that are not known yet and returns how many these were.
pub(super) fn append(
    connection: &Connection,
    letters: &[StoredDeadLetter],
    now: Timestamp,
) -> Result<usize, Failure> {
    let sql = "INSERT OR IGNORE INTO dead_letters (id, kept_at, letter) VALUES (?1, ?2, ?3)";
    let mut insert = connection.prepare_cached(sql)?;
    let mut new = 0;
    for StoredDeadLetter { id, letter } in letters {
        let text = serde_json::to_vec(letter).map_err(|error| Failure::Refused(error.to_string()))?;
        new += insert.execute(params![id.as_bytes(), now.as_microsecond(), text])?;
    }
    Ok(new)
}

/// A page of dead letters, newest first.
pub(super) fn list(
    connection: &Connection,
    before: i64,
    limit: usize,
) -> Result<Page<StoredDeadLetter>, Failure> {
    let sql = "SELECT seq, id, letter FROM dead_letters WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";
    let mut find = connection.prepare_cached(sql)?;
    let wanted = i64::try_from(limit.saturating_add(1)).unwrap_or(i64::MAX);
    let mut rows = find.query([before, wanted])?;
    let mut items = Vec::new();
    let mut last = before;
    while let Some(row) = rows.next()? {
        if items.len() == limit {
            let next = Some(Place::DeadLetters.write(last));
            return Ok(Page { items, next });
        }
        last = row.get(0)?;
        let text: Vec<u8> = row.get(2)?;
        let letter = serde_json::from_slice(&text)
            .map_err(|error| Failure::Corrupt(format!("dead_letters {last}: {error}")))?;
        let id = uuid(row, 1).map_err(|what| Failure::corrupt(format_args!("dead_letters {last}"), what))?;
        items.push(StoredDeadLetter { id, letter });
    }
    Ok(Page { items, next: None })
}
