//! The schedules that are kept.

use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::{MAX_SCHEDULES, Precondition};
use sqlx::postgres::PgConnection;

use crate::codes::count;
use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::locks::{Lock, lock};

/// Keeps a schedule under its name, where `when` holds. What is known of its jobs stays.
pub(crate) struct Put {
    pub(crate) schedule: Schedule,
    pub(crate) when: Precondition,
}

impl Operation for Put {
    type Answer = Option<Schedule>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Option<Schedule>, Failure> {
        let number = session.core.locks.number(Lock::Schedules);
        lock(session.connection, vec![number]).await?;
        let connection = &mut *session.connection;
        let name = self.schedule.name.as_str();
        let sql = "SELECT schedule FROM schedules WHERE name = $1 FOR UPDATE";
        let found: Option<String> = sqlx::query_scalar(sql)
            .bind(name)
            .fetch_optional(&mut *connection)
            .await?;
        let known = found.and_then(|json| read(name, &json));
        if !self.when.holds(known.as_ref()) {
            return Ok(None);
        }
        let kept = if let Some(known) = known {
            Schedule {
                id: known.id,
                created_at: known.created_at,
                last_at: known.last_at,
                last_job: known.last_job,
                ..self.schedule.clone()
            }
        } else {
            check_room(connection, name).await?;
            self.schedule.clone()
        };
        write(connection, &kept).await?;
        Ok(Some(kept))
    }
}

async fn check_room(connection: &mut PgConnection, name: &str) -> Result<(), Failure> {
    let sql = "SELECT count(*) FROM schedules WHERE name <> $1";
    let others: i64 = sqlx::query_scalar(sql).bind(name).fetch_one(connection).await?;
    if others >= count(MAX_SCHEDULES) {
        return Err(Failure::Refused(format!(
            "{MAX_SCHEDULES} schedules are kept at most"
        )));
    }
    Ok(())
}

/// Writes a schedule as it is.
pub(crate) async fn write(connection: &mut PgConnection, schedule: &Schedule) -> Result<(), Failure> {
    let json = serde_json::to_string(schedule).map_err(|error| Failure::Refused(error.to_string()))?;
    let next_at = schedule.next_at.filter(|_| !schedule.paused);
    let sql = "INSERT INTO schedules (name, next_at, schedule) VALUES ($1, $2, $3)
               ON CONFLICT (name) DO UPDATE SET next_at = excluded.next_at, schedule = excluded.schedule";
    sqlx::query(sql)
        .bind(schedule.name.as_str())
        .bind(next_at.map(Timestamp::as_microsecond))
        .bind(json)
        .execute(connection)
        .await?;
    Ok(())
}

/// All of them that read, by name.
pub(crate) struct All;

impl Operation for All {
    type Answer = Vec<Schedule>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Vec<Schedule>, Failure> {
        let sql = "SELECT name, schedule FROM schedules ORDER BY name";
        let found: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&mut *session.connection).await?;
        Ok(found.iter().filter_map(|(name, json)| read(name, json)).collect())
    }
}

/// Those that are due for the longest time and that nobody else is about to fire; they are locked. One that does not read
/// is not due any more, so that it keeps no other from its turn.
pub(crate) async fn due(
    connection: &mut PgConnection,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Schedule>, Failure> {
    let sql = "SELECT name, schedule FROM schedules WHERE next_at <= $1 AND next_at IS NOT NULL
               ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED";
    let query = sqlx::query_as(sql).bind(now.as_microsecond()).bind(count(limit));
    let found: Vec<(String, String)> = query.fetch_all(&mut *connection).await?;
    let mut due = Vec::with_capacity(found.len());
    for (name, json) in found {
        match read(&name, &json) {
            Some(schedule) => due.push(schedule),
            None => put_aside(connection, &name).await?,
        }
    }
    Ok(due)
}

async fn put_aside(connection: &mut PgConnection, name: &str) -> Result<(), Failure> {
    let sql = "UPDATE schedules SET next_at = NULL WHERE name = $1";
    sqlx::query(sql).bind(name).execute(connection).await?;
    Ok(())
}

/// Forgets one; `false` if there was none.
pub(crate) struct Delete<'a>(pub(crate) &'a str);

impl Operation for Delete<'_> {
    type Answer = bool;

    async fn run(&self, session: &mut Session<'_>) -> Result<bool, Failure> {
        // No name has a character that the database does not take.
        if self.0.contains('\0') {
            return Ok(false);
        }
        let sql = "DELETE FROM schedules WHERE name = $1";
        let gone = sqlx::query(sql)
            .bind(self.0)
            .execute(&mut *session.connection)
            .await?;
        Ok(gone.rows_affected() == 1)
    }
}

/// `None` for one that does not read: what a later program wrote, or a broken disk. It stays until it is replaced.
fn read(name: &str, json: &str) -> Option<Schedule> {
    serde_json::from_str(json)
        .inspect_err(
            |error| tracing::error!(schedule = name, %error, "a schedule does not read; it does not fire"),
        )
        .ok()
}
