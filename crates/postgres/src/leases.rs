//! Which workers live, and what becomes of the attempts of those that do not.

mod tidy;

use domain::JobEvent;
use jiff::Timestamp;
use uuid::Uuid;

use crate::codes::count;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::insert::Starter;
use crate::row::{Stored, trim};
use crate::text::{original, stored as text};
use crate::unique::{Ended, release};
use crate::work::Done;

pub(crate) use tidy::{Tidied, Tidy};

/// A worker lives until `lease_until`.
pub(crate) struct Heartbeat<'a> {
    pub(crate) worker: &'a str,
    pub(crate) lease_until: Timestamp,
}

impl Operation for Heartbeat<'_> {
    type Answer = ();

    async fn run(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let sql = "INSERT INTO leases (worker, lease_until) VALUES ($1, $2)
                   ON CONFLICT (worker) DO UPDATE SET lease_until = excluded.lease_until";
        let renew = sqlx::query(sql)
            .bind(text(self.worker))
            .bind(self.lease_until.as_microsecond());
        renew.execute(&mut *session.connection).await?;
        Ok(())
    }
}

/// A worker's lease ends.
pub(crate) struct Retire<'a>(pub(crate) &'a str);

impl Operation for Retire<'_> {
    type Answer = ();

    async fn run(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let sql = "DELETE FROM leases WHERE worker = $1";
        sqlx::query(sql)
            .bind(text(self.0))
            .execute(&mut *session.connection)
            .await?;
        Ok(())
    }
}

/// The attempts of a worker that clients want to end.
pub(crate) struct Cancellations<'a>(pub(crate) &'a str);

impl Operation for Cancellations<'_> {
    type Answer = Vec<(Uuid, u32)>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let sql = "SELECT id, attempt FROM jobs WHERE cancelling AND worker = $1 ORDER BY seq";
        let query = sqlx::query_as(sql).bind(text(self.0));
        let found: Vec<(Uuid, i32)> = query.fetch_all(&mut *session.connection).await?;
        Ok(found
            .into_iter()
            .map(|(id, attempt)| (id, attempt.cast_unsigned()))
            .collect())
    }
}

/// Applies the death of their worker to attempts without a living one, `limit` at most. The worker may never have had a
/// lease.
pub(crate) async fn reap(core: &Core, now: Timestamp, limit: usize) -> Result<usize, Failure> {
    let orphans = core.ask(&Orphans { now, limit }).await?;
    if orphans.is_empty() {
        return Ok(0);
    }
    let done = core.transact(&Reap { orphans, now }).await?;
    Ok(core.remember(done))
}

/// An attempt without a living worker.
#[derive(Clone, Debug)]
struct Orphan {
    id: Uuid,
    worker: String,
}

struct Orphans {
    now: Timestamp,
    limit: usize,
}

impl Operation for Orphans {
    type Answer = Vec<Orphan>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Vec<Orphan>, Failure> {
        let sql = "
            SELECT DISTINCT jobs.seq, jobs.id, jobs.worker
            FROM job_claims CROSS JOIN LATERAL unnest(job_claims.seqs) AS s (seq) JOIN jobs ON jobs.seq = s.seq
            WHERE NOT EXISTS (SELECT FROM leases
                              WHERE leases.worker = job_claims.worker AND leases.lease_until >= $1)
              AND jobs.status = 4 AND jobs.claim = job_claims.claim
            ORDER BY jobs.seq LIMIT $2";
        let query = sqlx::query_as(sql)
            .bind(self.now.as_microsecond())
            .bind(count(self.limit));
        let found: Vec<(i64, Uuid, Option<String>)> = query.fetch_all(&mut *session.connection).await?;
        let orphan = |(_, id, worker): (i64, Uuid, Option<String>)| {
            let worker = original(worker?);
            Some(Orphan { id, worker })
        };
        Ok(found.into_iter().filter_map(orphan).collect())
    }
}

struct Reap {
    orphans: Vec<Orphan>,
    now: Timestamp,
}

impl Operation for Reap {
    type Answer = Done<usize>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Done<usize>, Failure> {
        let ids: Vec<Uuid> = self.orphans.iter().map(|orphan| orphan.id).collect();
        session.lock_keys_of(&ids).await?;
        let mut work = session.lock_rows(&ids).await?;
        let (mut ended, mut reaped) = (Vec::new(), 0);
        for orphan in &self.orphans {
            let Some(stored) = work.get(&orphan.id) else {
                continue;
            };
            if stored.row.worker.as_ref() != Some(&orphan.worker) {
                continue;
            }
            let event = crash(stored, self.now)?;
            ended.extend(Ended::of(stored));
            work.post(&event)?;
            reaped += 1;
        }
        work.write(session.connection, Starter::NOBODY).await?;
        release(session, &ended).await?;
        Ok(Done::new(reaped, work.into_rows()))
    }
}

fn crash(orphan: &mut Stored, now: Timestamp) -> Result<JobEvent, Failure> {
    let worker = orphan.row.worker.clone();
    let event_type = orphan.row.crash(now);
    trim(&mut orphan.row);
    let name = worker.as_deref().unwrap_or("unknown");
    let event = JobEvent {
        error: Some(format!("worker {name} died")),
        run_at: orphan.row.wake_at,
        worker: worker.clone(),
        ..orphan.event(event_type, now)
    };
    orphan.append(&event)?;
    Ok(event)
}
