//! Schedules make jobs.

mod firing;

use std::collections::HashSet;
use std::sync::Arc;

use domain::schedule::Schedule;
use jiff::Timestamp;
use ports::NewJob;

use crate::admit;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::insert::Starter;
use crate::schedules;
use crate::work::{Done, Work};
use firing::{Firings, firings};

/// Makes the jobs of the schedules that are due at `now`, `limit` schedules at most. Says how many there were.
pub(crate) async fn fire(
    core: &Core,
    now: Timestamp,
    wake_at: Timestamp,
    limit: usize,
) -> Result<usize, Failure> {
    if !core.ask(&AnyDue(now)).await? {
        return Ok(0);
    }
    let done = core.transact(&Fire { now, wake_at, limit }).await?;
    Ok(core.remember(done))
}

/// Whether any schedule is due.
struct AnyDue(Timestamp);

impl Operation for AnyDue {
    type Answer = bool;

    async fn run(&self, session: &mut Session<'_>) -> Result<bool, Failure> {
        let sql = "SELECT EXISTS (SELECT FROM schedules WHERE next_at <= $1 AND next_at IS NOT NULL)";
        let query = sqlx::query_scalar(sql).bind(self.0.as_microsecond());
        Ok(query.fetch_one(&mut *session.connection).await?)
    }
}

struct Fire {
    now: Timestamp,
    wake_at: Timestamp,
    limit: usize,
}

impl Operation for Fire {
    type Answer = Done<usize>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Done<usize>, Failure> {
        let mut jobs: Vec<Arc<NewJob>> = Vec::new();
        for mut schedule in schedules::due(session.connection, self.now, self.limit).await? {
            jobs.extend(advance(&mut schedule, self.now));
            schedules::write(session.connection, &schedule).await?;
        }
        let mut work = Work::default();
        let made: HashSet<_> = admit::store(session, &mut work, &jobs, self.wake_at).await?;
        // One that is there already was made, and announced, before.
        let mut announced = HashSet::new();
        for job in jobs.iter().filter(|job| made.contains(&job.id)) {
            if announced.insert(job.id) {
                work.announce(job)?;
            }
        }
        work.write(session.connection, Starter::NOBODY).await?;
        Ok(Done::new(made.len(), work.into_rows()))
    }
}

/// Moves a schedule on, and makes the jobs that it has to make by now. One that cannot fire is paused.
fn advance(schedule: &mut Schedule, now: Timestamp) -> Vec<Arc<NewJob>> {
    match firings(schedule, now) {
        Ok(Firings { jobs, next_at }) => {
            schedule.next_at = next_at;
            if let Some((at, job)) = jobs.last() {
                schedule.last_at = Some(*at);
                schedule.last_job = Some(job.id);
            }
            jobs.into_iter().map(|(_, job)| Arc::new(job)).collect()
        }
        Err(reason) => {
            tracing::warn!(schedule = %schedule.name, reason, "schedule paused: it cannot fire");
            schedule.paused = true;
            schedule.next_at = None;
            Vec::new()
        }
    }
}
