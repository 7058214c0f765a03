//! Jobs become visible before a worker reaches them.

use std::collections::HashSet;
use std::sync::Arc;

use domain::Row;
use jiff::Timestamp;
use ports::NewJob;
use uuid::Uuid;

use crate::codes::to_the_microsecond;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::forgotten;
use crate::insert::{Arrival, Starter, insert};
use crate::row::Stored;
use crate::unique::Keys;
use crate::work::{Done, Work};

/// Stores the jobs that are not known yet as PENDING. Those without a key by one statement, the others in a transaction
/// that decides whose the keys are.
pub(crate) async fn admit(core: &Core, jobs: &[Arc<NewJob>], wake_at: Timestamp) -> Result<(), Failure> {
    let mut seen = HashSet::new();
    let new = jobs
        .iter()
        .filter(|job| !core.known.has(&job.id) && seen.insert(job.id));
    let (keyed, plain): (Vec<&Arc<NewJob>>, Vec<&Arc<NewJob>>) =
        new.partition(|job| job.unique_key.is_some());
    if !plain.is_empty() {
        let done = core.ask(&Plain { jobs: plain, wake_at }).await?;
        core.remember(done);
    }
    if !keyed.is_empty() {
        let done = core.transact(&Keyed { jobs: keyed, wake_at }).await?;
        core.remember(done);
    }
    Ok(())
}

/// A job that is dispatched if nobody has started it by `wake_at`, and by then its time has come: a dispatched job starts
/// whatever its time.
fn pending(job: &NewJob, wake_at: Timestamp) -> Result<Stored, Failure> {
    let due_at = job.run_at.map_or(wake_at, |run_at| run_at.max(wake_at));
    Stored::arriving(job, Row::pending(to_the_microsecond(due_at)))
}

struct Plain<'a> {
    jobs: Vec<&'a Arc<NewJob>>,
    wake_at: Timestamp,
}

impl Operation for Plain<'_> {
    type Answer = Done<()>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Done<()>, Failure> {
        let rows = self.jobs.iter().map(|job| pending(job, self.wake_at));
        let rows: Vec<Stored> = rows.collect::<Result<_, Failure>>()?;
        let arrivals = self
            .jobs
            .iter()
            .zip(&rows)
            .map(|(job, stored)| Arrival { job, stored });
        let arrivals: Vec<Arrival<'_>> = arrivals.collect();
        let numbers = insert(session.connection, Starter::NOBODY, &arrivals).await?;
        let numbers: std::collections::HashMap<_, _> = numbers.into_iter().collect();
        let stored = rows.into_iter().filter_map(|stored| {
            let seq = *numbers.get(&stored.facts.id)?;
            Some(Stored {
                seq,
                version: 1,
                ..stored
            })
        });
        Ok(Done::new((), stored.collect()))
    }
}

struct Keyed<'a> {
    jobs: Vec<&'a Arc<NewJob>>,
    wake_at: Timestamp,
}

impl Operation for Keyed<'_> {
    type Answer = Done<()>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Done<()>, Failure> {
        let mut work = Work::default();
        let jobs: Vec<Arc<NewJob>> = self.jobs.iter().map(|job| Arc::clone(job)).collect();
        store(session, &mut work, &jobs, self.wake_at).await?;
        work.write(session.connection, Starter::NOBODY).await?;
        Ok(Done::new((), work.into_rows()))
    }
}

/// Stores those of the jobs that are not known yet, once `work` is written; says which. From now on each owns its unique
/// key, or waits for it.
pub(crate) async fn store(
    session: &mut Session<'_>,
    work: &mut Work,
    jobs: &[Arc<NewJob>],
    wake_at: Timestamp,
) -> Result<HashSet<Uuid>, Failure> {
    let names: Vec<&str> = jobs.iter().filter_map(|job| job.unique_key.as_deref()).collect();
    session.lock_keys(&names).await?;
    let ids: Vec<Uuid> = jobs.iter().map(|job| job.id).collect();
    let sql = "SELECT id FROM jobs WHERE id = ANY($1)";
    let known = sqlx::query_scalar(sql)
        .bind(&ids)
        .fetch_all(&mut *session.connection)
        .await?;
    let mut known: HashSet<Uuid> = known.into_iter().collect();
    known.extend(forgotten::among(session.connection, &ids).await?);
    let mut keys = Keys::read(session.connection, &names).await?;
    let mut made = HashSet::new();
    for job in jobs.iter().filter(|job| !known.contains(&job.id)) {
        if made.insert(job.id) {
            let mut stored = pending(job, wake_at)?;
            keys.own_or_wait(&mut stored, job.accepted_at);
            work.arrive(job, stored);
        }
    }
    keys.write(session.connection).await?;
    Ok(made)
}
