//! Up to which number no job can arrive any more.
//!
//! Numbers are given when jobs arrive and are seen when their transactions end, and those do not end in the order of
//! numbers. Whoever reads upwards, or reads something once and for all, has to know that nothing comes in below. Every
//! transaction that may still show a job holds a lock on the table from before it was given a number: so it is enough
//! to look who holds one now, and to wait until they are done.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::postgres::PgConnection;
use tokio::time::{Instant, sleep};

use crate::core::{Operation, Session};
use crate::error::Failure;

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(2);

/// Those who may be storing or changing jobs.
const WRITERS: &str = "
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'jobs'::regclass AND mode = 'RowExclusiveLock'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid <> pg_backend_pid()";

/// The highest number up to which this process knows that no job arrives any more.
#[derive(Debug, Default)]
pub(crate) struct Settled(AtomicI64);

impl Settled {
    pub(crate) fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Waits until everybody is done who may be writing jobs now, and says up to which number all jobs are to be seen.
pub(crate) struct Settle;

impl Operation for Settle {
    type Answer = i64;

    async fn run(&self, session: &mut Session<'_>) -> Result<i64, Failure> {
        let sql = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM job_seq";
        let latest: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut *session.connection)
            .await?;
        wait_for_writers(session.connection, session.core.options.lock_limit).await?;
        session.core.settled.0.fetch_max(latest, Ordering::Relaxed);
        Ok(latest)
    }
}

async fn wait_for_writers(connection: &mut PgConnection, limit: Duration) -> Result<(), Failure> {
    let end = Instant::now() + limit;
    let mut before: Vec<String> = sqlx::query_scalar(WRITERS).fetch_all(&mut *connection).await?;
    while !before.is_empty() {
        if Instant::now() >= end {
            return Err(Failure::Unavailable("transactions on jobs do not end".to_owned()));
        }
        sleep(PAUSE).await;
        let now: Vec<String> = sqlx::query_scalar(WRITERS).fetch_all(&mut *connection).await?;
        before.retain(|writer| now.contains(writer));
    }
    Ok(())
}
