//! The schedules that are kept.

use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::MAX_SCHEDULES;
use rusqlite::{Connection, OptionalExtension, params};

use crate::core::count;
use crate::error::Failure;

/// Keeps a schedule under its name. What is known of its jobs stays.
pub(super) fn put(connection: &Connection, schedule: &Schedule) -> Result<Schedule, Failure> {
    let name = schedule.name.as_str();
    let kept = match find(connection, name)? {
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
    Ok(kept)
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
    json.map(|json| read(&json)).transpose()
}

/// All of them, by name.
pub(super) fn all(connection: &Connection) -> Result<Vec<Schedule>, Failure> {
    let mut find = connection.prepare_cached("SELECT schedule FROM schedules ORDER BY name")?;
    let found = find.query_map([], |row| row.get::<_, String>(0))?;
    found.map(|json| read(&json?)).collect()
}

/// Those that are due for the longest time.
pub(super) fn due(connection: &Connection, now: Timestamp, limit: usize) -> Result<Vec<Schedule>, Failure> {
    let sql = "SELECT schedule FROM schedules WHERE next_at <= ?1 ORDER BY next_at LIMIT ?2";
    let mut find = connection.prepare_cached(sql)?;
    let found = find.query_map(params![now.as_microsecond(), count(limit)], |row| {
        row.get::<_, String>(0)
    })?;
    found.map(|json| read(&json?)).collect()
}

/// Forgets one; `false` if there was none.
pub(super) fn delete(connection: &Connection, name: &str) -> Result<bool, Failure> {
    let gone = connection.execute("DELETE FROM schedules WHERE name = ?1", [name])?;
    Ok(gone == 1)
}

fn read(json: &str) -> Result<Schedule, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::Corrupt(format!("schedules: {error}")))
}
