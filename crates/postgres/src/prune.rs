//! Retention.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use uuid::Uuid;

use crate::codes::count;
use crate::command::remove;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::search::{chunk_of, range_of};
use crate::{forgotten, search, unique};

/// How many jobs are looked at in one statement.
const STRETCH: i64 = 20_000;

/// Where this process goes on.
#[derive(Debug, Default)]
pub(crate) struct Progress(AtomicI64);

/// Removes terminal jobs that last changed before `before`, `limit` at most; from where the last call stopped, once
/// around.
pub(crate) async fn prune(
    core: &Core,
    progress: &Progress,
    before: Timestamp,
    limit: usize,
) -> Result<usize, Failure> {
    let start = progress.0.load(Ordering::Relaxed);
    let (mut from, mut wrapped) = (start, false);
    loop {
        let Found { seqs, next } = core.ask(&Look { from, before, limit }).await?;
        let around = wrapped && next.is_none_or(|next| next >= start);
        progress.0.store(next.unwrap_or(0), Ordering::Relaxed);
        if !seqs.is_empty() {
            let gone = core.transact(&Remove { seqs, before }).await?;
            for id in &gone {
                core.known.take(id);
            }
            return Ok(gone.len());
        }
        if around || (start == 0 && next.is_none()) {
            return Ok(0);
        }
        wrapped |= next.is_none();
        from = next.unwrap_or(0);
    }
}

/// Some jobs that may go, and where to go on: `None` when there is nothing behind.
struct Found {
    seqs: Vec<i64>,
    next: Option<i64>,
}

struct Look {
    from: i64,
    before: Timestamp,
    limit: usize,
}

impl Operation for Look {
    type Answer = Found;

    async fn run(&self, session: &mut Session<'_>) -> Result<Found, Failure> {
        let from = self.skip(session).await?;
        let sql = "
            WITH stretch AS MATERIALIZED (
                SELECT seq, status, updated_at FROM jobs WHERE seq > $1 ORDER BY seq LIMIT $2
            )
            SELECT (SELECT max(seq) FROM stretch),
                   array(SELECT seq FROM stretch WHERE status BETWEEN 5 AND 8 AND updated_at < $3
                         ORDER BY seq LIMIT $4)";
        let query = sqlx::query_as(sql)
            .bind(from)
            .bind(STRETCH)
            .bind(self.before.as_microsecond())
            .bind(count(self.limit));
        let (last, seqs): (Option<i64>, Vec<i64>) = query.fetch_one(&mut *session.connection).await?;
        let is_full = seqs.len() >= self.limit;
        let next = if is_full { seqs.last().copied() } else { last };
        Ok(Found { seqs, next })
    }
}

impl Look {
    /// Passes over chunks all of whose jobs were accepted later: none of them changed before.
    async fn skip(&self, session: &mut Session<'_>) -> Result<i64, Failure> {
        let sql = "
            SELECT coalesce((SELECT chunk FROM job_chunks WHERE chunk >= $1 AND accepted_from < $2
                             ORDER BY chunk LIMIT 1), indexed_to) FROM search";
        let query = sqlx::query_scalar(sql)
            .bind(chunk_of(self.from))
            .bind(self.before.as_microsecond());
        let chunk: i64 = query.fetch_one(&mut *session.connection).await?;
        Ok(self.from.max(range_of(chunk).start - 1))
    }
}

/// Removes such jobs, unless they were revived since, or are gone.
struct Remove {
    seqs: Vec<i64>,
    before: Timestamp,
}

impl Operation for Remove {
    type Answer = Vec<Uuid>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Vec<Uuid>, Failure> {
        let connection = &mut *session.connection;
        let sql = "SELECT seq, id FROM jobs
                   WHERE seq = ANY($1) AND status BETWEEN 5 AND 8 AND updated_at < $2
                   ORDER BY seq FOR UPDATE SKIP LOCKED";
        let query = sqlx::query_as(sql)
            .bind(&self.seqs)
            .bind(self.before.as_microsecond());
        let found: Vec<(i64, Uuid)> = query.fetch_all(&mut *connection).await?;
        let (seqs, ids): (Vec<i64>, Vec<Uuid>) = found.into_iter().unzip();
        remove(connection, &seqs).await?;
        unique::sweep(connection, self.before).await?;
        forgotten::sweep(connection, self.before).await?;
        search::sweep(connection).await?;
        let sql = "DELETE FROM leases WHERE lease_until < $1";
        sqlx::query(sql)
            .bind(self.before.as_microsecond())
            .execute(connection)
            .await?;
        Ok(ids)
    }
}
