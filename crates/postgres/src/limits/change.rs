//! Limits that are changed.

use domain::limits::Limits;
use ports::{LimitChange, MAX_LIMITED_TYPES};
use sqlx::postgres::PgConnection;

use super::parse;
use crate::codes::count;
use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::text::stored as text;

/// A change of limits.
pub(crate) struct Change(pub(crate) LimitChange);

impl Operation for Change {
    type Answer = ();

    async fn run(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let connection = &mut *session.connection;
        // The row of settings is locked from here on: changes come one after the other.
        let sql = "UPDATE settings SET limits_epoch = limits_epoch + 1";
        sqlx::query(sql).execute(&mut *connection).await?;
        match &self.0 {
            LimitChange::PauseAll(paused) => {
                let sql = "UPDATE settings SET paused = $1";
                sqlx::query(sql).bind(paused).execute(connection).await?;
                Ok(())
            }
            LimitChange::Of(job_type, limits) => set(connection, job_type, *limits).await,
            LimitChange::Pause(job_type, paused) => {
                let before = of(connection, job_type).await?.unwrap_or_default();
                let limits = Limits {
                    paused: *paused,
                    ..before
                };
                set(connection, job_type, limits).await
            }
        }
    }
}

async fn of(connection: &mut PgConnection, job_type: &str) -> Result<Option<Limits>, Failure> {
    let sql = "SELECT limits FROM limits WHERE job_type = $1";
    let query = sqlx::query_scalar(sql).bind(text(job_type));
    let json: Option<String> = query.fetch_optional(connection).await?;
    json.map(|json| parse(job_type, &json)).transpose()
}

/// Open limits are not kept.
async fn set(connection: &mut PgConnection, job_type: &str, limits: Limits) -> Result<(), Failure> {
    if limits.is_open() {
        let sql = "DELETE FROM limits WHERE job_type = $1";
        sqlx::query(sql).bind(text(job_type)).execute(connection).await?;
        return Ok(());
    }
    check_room(connection, job_type).await?;
    let json = serde_json::to_string(&limits).map_err(|error| Failure::Refused(error.to_string()))?;
    // A rate that is only changed keeps its tokens; one that comes back is full.
    let sql = "INSERT INTO limits (job_type, limits) VALUES ($1, $2)
               ON CONFLICT (job_type) DO UPDATE SET limits = excluded.limits,
               tokens = CASE WHEN $3 THEN limits.tokens END, tokens_at = CASE WHEN $3 THEN limits.tokens_at END";
    sqlx::query(sql)
        .bind(text(job_type))
        .bind(json)
        .bind(limits.rate.is_some())
        .execute(connection)
        .await?;
    Ok(())
}

async fn check_room(connection: &mut PgConnection, job_type: &str) -> Result<(), Failure> {
    let sql = "SELECT count(*) FROM limits WHERE job_type <> $1";
    let others: i64 = sqlx::query_scalar(sql)
        .bind(text(job_type))
        .fetch_one(connection)
        .await?;
    if others >= count(MAX_LIMITED_TYPES) {
        return Err(Failure::Refused(format!(
            "limits are kept for {MAX_LIMITED_TYPES} job types at most"
        )));
    }
    Ok(())
}
