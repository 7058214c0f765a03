//! The schedules that are kept.

use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::{MAX_SCHEDULES, Precondition};
use rusqlite::{Connection, OptionalExtension, Rows, params};

use crate::core::count;
use crate::error::Failure;

/// Keeps a schedule under its name, where `when` holds. What is known of its jobs stays.
pub(super) fn put(
    connection: &Connection,
    schedule: &Schedule,
    when: Precondition,
) -> Result<Option<Schedule>, Failure> {
    let known = find(connection, schedule.name.as_str())?;
    if !when.holds(known.as_ref()) {
        return Ok(None);
    }
    let kept = match known {
        Some(known) => Schedule {
            id: known.id,
            created_at: known.created_at,
            last_at: known.last_at,
            last_job: known.last_job,
            ..schedule.clone()
        },
        None => room_for(connection, schedule)?.clone(),
    };
    write(connection, &kept)?;
    Ok(Some(kept))
}

fn room_for<'s>(connection: &Connection, schedule: &'s Schedule) -> Result<&'s Schedule, Failure> {
    let kept: i64 = connection.query_row("SELECT count(*) FROM schedules", [], |row| row.get(0))?;
    if kept >= count(MAX_SCHEDULES) {
        return Err(Failure::Refused(format!(
            "{MAX_SCHEDULES} schedules are kept at most"
        )));
    }
    Ok(schedule)
}

/// Writes a schedule as it is.
pub(super) fn write(connection: &Connection, schedule: &Schedule) -> Result<(), Failure> {
    let json = serde_json::to_string(schedule).map_err(|error| Failure::Refused(error.to_string()))?;
    let next_at = schedule.next_at.filter(|_| !schedule.paused);
    let sql = "INSERT OR REPLACE INTO schedules (name, next_at, schedule) VALUES (?1, ?2, ?3)";
    connection.prepare_cached(sql)?.execute(params![
        schedule.name.as_str(),
        next_at.map(Timestamp::as_microsecond),
        json,
    ])?;
    Ok(())
}

fn find(connection: &Connection, name: &str) -> Result<Option<Schedule>, Failure> {
    let sql = "SELECT schedule FROM schedules WHERE name = ?1";
    let mut find = connection.prepare_cached(sql)?;
    let json: Option<String> = find.query_row([name], |row| row.get(0)).optional()?;
    Ok(json.and_then(|json| read(name, &json)))
}

/// All of them that read, by name.
pub(super) fn all(connection: &Connection) -> Result<Vec<Schedule>, Failure> {
    let mut find = connection.prepare_cached("SELECT name, schedule FROM schedules ORDER BY name")?;
    let rows = rows(find.query([])?)?;
    Ok(rows.iter().filter_map(|(name, json)| read(name, json)).collect())
}

/// Those that are due for the longest time. One that does not read is not due any more, so that it keeps no other from
/// its turn.
pub(super) fn due(connection: &Connection, now: Timestamp, limit: usize) -> Result<Vec<Schedule>, Failure> {
    let sql = "SELECT name, schedule FROM schedules WHERE next_at <= ?1 ORDER BY next_at LIMIT ?2";
    let mut find = connection.prepare_cached(sql)?;
    let rows = rows(find.query(params![now.as_microsecond(), count(limit)])?)?;
    let mut due = Vec::with_capacity(rows.len());
    for (name, json) in rows {
        match read(&name, &json) {
            Some(schedule) => due.push(schedule),
            None => put_aside(connection, &name)?,
        }
    }
    Ok(due)
}

fn rows(mut rows: Rows<'_>) -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get(0)?, row.get(1)?));
    }
    Ok(found)
}

fn put_aside(connection: &Connection, name: &str) -> Result<(), Failure> {
    let sql = "UPDATE schedules SET next_at = NULL WHERE name = ?1";
    connection.prepare_cached(sql)?.execute([name])?;
    Ok(())
}

/// Forgets one; `false` if there was none.
pub(super) fn delete(connection: &Connection, name: &str) -> Result<bool, Failure> {
    let gone = connection.execute("DELETE FROM schedules WHERE name = ?1", [name])?;
    Ok(gone == 1)
}

/// `None` for one that does not read: what a later program wrote, or a broken disk. It stays until it is replaced.
fn read(name: &str, json: &str) -> Option<Schedule> {
    serde_json::from_str(json)
        .inspect_err(
            |error| tracing::error!(schedule = name, %error, "a schedule does not read; it does not fire"),
        )
        .ok()
}
