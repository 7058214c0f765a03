//! Tables, brought up to date.

use sqlx::Executor;
use sqlx::postgres::PgConnection;

use crate::core::execute;
use crate::error::Failure;
use crate::locks::{Lock, Locks, lock};
use crate::options::Options;

/// What made the tables what they are, in order: append, never change.
const MIGRATIONS: [&str; 3] = [
    include_str!("../migrations/0001_jobs.sql"),
    include_str!("../migrations/0002_wishes.sql"),
    include_str!("../migrations/0003_search.sql"),
];

/// Brings the tables up to date. Of several processes that start at once one does it, and the others wait for it.
pub(crate) async fn migrate(
    connection: &mut PgConnection,
    options: &Options,
    locks: &Locks,
) -> Result<(), Failure> {
    if version(connection).await? == current() {
        return Ok(());
    }
    execute(connection, "BEGIN").await?;
    lock(connection, vec![locks.number(Lock::Migration)]).await?;
    begin(connection, options).await?;
    let done = version(connection).await?;
    if done > current() {
        return Err(Failure::Corrupt(format!(
            "the tables are of version {done}, this program knows {}: use a newer program",
            current()
        )));
    }
    for migration in MIGRATIONS.iter().skip(usize::try_from(done).unwrap_or(0)) {
        connection.execute(*migration).await?;
    }
    let sql = "UPDATE schema_version SET version = $1";
    sqlx::query(sql).bind(current()).execute(&mut *connection).await?;
    execute(connection, "COMMIT").await
}

fn current() -> i32 {
    i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX)
}

/// Makes the schema, and the table that says how far the others are.
async fn begin(connection: &mut PgConnection, options: &Options) -> Result<(), Failure> {
    if options.schema.is_some() {
        let sql = "DO $$ BEGIN EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I', current_setting('search_path')); END $$";
        execute(connection, sql).await?;
    }
    let sql = "CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)";
    execute(connection, sql).await?;
    let sql = "INSERT INTO schema_version (version) SELECT 0 WHERE NOT EXISTS (SELECT FROM schema_version)";
    execute(connection, sql).await
}

/// How many migrations were done.
async fn version(connection: &mut PgConnection) -> Result<i32, Failure> {
    let sql = "SELECT to_regclass('schema_version') IS NOT NULL";
    let there: bool = sqlx::query_scalar(sql)
        .persistent(false)
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        return Ok(0);
    }
    let sql = "SELECT version FROM schema_version";
    let found = sqlx::query_scalar(sql).persistent(false);
    Ok(found.fetch_optional(connection).await?.unwrap_or(0))
}
