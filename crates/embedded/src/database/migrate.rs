//! Brings a database up to date, one numbered file at a time.

use rusqlite::Connection;

use crate::error::OpenError;

/// Every migration in its order. A published one is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_meta.sql"),
    include_str!("../../migrations/0002_bus.sql"),
    include_str!("../../migrations/0003_jobs.sql"),
    include_str!("../../migrations/0004_events.sql"),
    include_str!("../../migrations/0005_stats.sql"),
    include_str!("../../migrations/0006_wishes.sql"),
    include_str!("../../migrations/0007_dead_letters.sql"),
    include_str!("../../migrations/0008_errors.sql"),
    include_str!("../../migrations/0009_search.sql"),
    include_str!("../../migrations/0010_rebuild.sql"),
];

/// Applies the migrations that are missing, each in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = MIGRATIONS.len();
    let Some(missing) = usize::try_from(found)
        .ok()
        .and_then(|done| MIGRATIONS.get(done..))
    else {
        let known = i64::try_from(known).unwrap_or(i64::MAX);
        return Err(OpenError::Newer { found, known });
    };
    for (sql, version) in missing.iter().zip(found + 1..) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}
