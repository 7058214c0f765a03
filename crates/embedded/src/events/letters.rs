//! Dead letters.

use jiff::Timestamp;
use ports::{LetterState, Page, StoredDeadLetter};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::codec::Malformed;
use crate::codes::{letter_code, letter_state, uuid};
use crate::core::count;
use crate::error::Failure;
use crate::place::Place;

/// Keeps the letters that are not known yet and returns how many these were.
pub(super) fn append(
    connection: &Connection,
    letters: &[StoredDeadLetter],
    now: Timestamp,
) -> Result<usize, Failure> {
    let sql = "INSERT OR IGNORE INTO dead_letters (id, kept_at, letter, state) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = connection.prepare_cached(sql)?;
    let mut new = 0;
    for StoredDeadLetter { id, letter, state } in letters {
        let text = serde_json::to_vec(letter).map_err(|error| Failure::Refused(error.to_string()))?;
        let state = letter_code(*state);
        new += insert.execute(params![id.as_bytes(), now.as_microsecond(), text, state])?;
    }
    Ok(new)
}

/// One letter.
pub(super) fn find(connection: &Connection, id: Uuid) -> Result<Option<StoredDeadLetter>, Failure> {
    let mut find =
        connection.prepare_cached("SELECT seq, id, letter, state FROM dead_letters WHERE id = ?1")?;
    let found = find
        .query_row([id.as_bytes()], |row| Ok(stored(row)))
        .optional()?;
    found.transpose()
}

/// Says what has become of open letters, and returns which ones these were.
pub(super) fn settle(
    connection: &Connection,
    ids: &[Uuid],
    state: LetterState,
) -> Result<Vec<Uuid>, Failure> {
    let mut settled = Vec::new();
    if state == LetterState::Open {
        return Ok(settled);
    }
    let sql = "UPDATE dead_letters SET state = ?2 WHERE id = ?1 AND state = 0";
    let mut update = connection.prepare_cached(sql)?;
    for id in ids {
        if update.execute(params![id.as_bytes(), letter_code(state)])? == 1 {
            settled.push(*id);
        }
    }
    Ok(settled)
}

/// How many letters are open. The table counts them itself, by triggers.
pub(super) fn open(connection: &Connection) -> Result<u64, Failure> {
    let mut find = connection.prepare_cached("SELECT value FROM meta WHERE name = 'open_dead_letters'")?;
    let open: i64 = find.query_row([], |row| row.get(0))?;
    u64::try_from(open).map_err(|_| Failure::corrupt("meta open_dead_letters", Malformed::Bad("number")))
}

/// A page of letters, newest first, of one state or all.
pub(super) fn list(
    connection: &Connection,
    state: Option<LetterState>,
    before: i64,
    limit: usize,
) -> Result<Page<StoredDeadLetter>, Failure> {
    let sql = match state {
        None => {
            "SELECT seq, id, letter, state FROM dead_letters WHERE seq < ?1 AND ?2 IS NULL
             ORDER BY seq DESC LIMIT ?3"
        }
        Some(_) => {
            "SELECT seq, id, letter, state FROM dead_letters WHERE seq < ?1 AND state = ?2
             ORDER BY seq DESC LIMIT ?3"
        }
    };
    let mut find = connection.prepare_cached(sql)?;
    let wanted = count(limit.saturating_add(1));
    let mut rows = find.query(params![before, state.map(letter_code), wanted])?;
    let mut items = Vec::new();
    let mut last = before;
    while let Some(row) = rows.next()? {
        if items.len() == limit {
            let next = Some(Place::DeadLetters.write(last));
            return Ok(Page { items, next });
        }
        last = row.get(0)?;
        items.push(stored(row)?);
    }
    Ok(Page { items, next: None })
}

fn stored(row: &Row<'_>) -> Result<StoredDeadLetter, Failure> {
    let seq: i64 = row.get(0)?;
    let corrupt = |what| Failure::corrupt(format_args!("dead_letters {seq}"), what);
    let text = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
    let letter = serde_json::from_slice(text)
        .map_err(|error| Failure::Corrupt(format!("dead_letters {seq}: {error}")))?;
    Ok(StoredDeadLetter {
        id: uuid(row, 1).map_err(corrupt)?,
        letter,
        state: letter_state(row.get(3)?).map_err(corrupt)?,
    })
}
