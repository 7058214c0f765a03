//! Indexing, behind the write path.
//!
//! A task reads chunks that are complete, and stores what it made of them together with the watermark, one after the
//! other under a lock that only one process has ([`Lock::Indexing`]); then it goes on until nothing is left, and ends.
//! Whoever comes by starts it again: the scheduler when it looks for due jobs, retention, and each search. Nothing is
//! lost with it, the next one goes on from the watermark.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::chunk_of;
use super::digest::Digest;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::horizon::Settle;
use crate::locks::{Lock, try_lock};

/// How long nobody looks again whether there is something to index.
const REST: Duration = Duration::from_secs(1);

/// With more than so many jobs arriving in a second, the machine has better things to do.
const BUSY: f64 = 500.0;

/// How much longer than it worked the task then pauses: indexing takes a twentieth of one core at most.
const PAUSE: u32 = 19;

/// The task, of which there is one at most in a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Indexer(Arc<Mutex<State>>);

#[derive(Debug, Default)]
enum State {
    #[default]
    Fresh,
    Running,
    Rested(Instant),
}

impl Indexer {
    /// Starts the task, unless it runs or has just ended.
    pub(crate) fn start(&self, core: &Arc<Core>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let rests = match &*state {
            State::Fresh => false,
            State::Running => true,
            State::Rested(since) => since.elapsed() < REST,
        };
        if !rests {
            *state = State::Running;
            let (core, running) = (Arc::downgrade(core), Running(Arc::clone(&self.0)));
            tokio::spawn(async move {
                if let Err(failure) = catch_up(&core).await {
                    tracing::debug!(%failure, "indexing stopped, the next search or sweep goes on with it");
                }
                drop(running);
            });
        }
    }
}

/// Says that the task has ended, also when it is dropped with its runtime.
struct Running(Arc<Mutex<State>>);

impl Drop for Running {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = State::Rested(Instant::now());
    }
}

/// Indexes until nothing is left, or the store is gone.
async fn catch_up(core: &Weak<Core>) -> Result<(), Failure> {
    let mut arrivals = Arrivals::default();
    while let Some(core) = core.upgrade() {
        let (watermark, latest) = core.ask(&Look).await?;
        if watermark >= chunk_of(latest) {
            return Ok(());
        }
        // A chunk is complete once the next one has begun and nobody is left who may store a job in it.
        let settled = core.ask(&Settle).await?;
        let started = Instant::now();
        if watermark >= chunk_of(settled) || !core.transact(&IndexNext { settled }).await? {
            return Ok(());
        }
        let pause = arrivals.pause(core.options.clock.now(), latest, started.elapsed());
        drop(core);
        sleep(pause).await;
    }
    Ok(())
}

/// Everything that is complete, at once, for tests and tools that cannot wait.
pub(crate) struct IndexNow;

impl IndexNow {
    pub(crate) async fn run(core: &Core) -> Result<(), Failure> {
        let settled = core.ask(&Settle).await?;
        while core.transact(&IndexNext { settled }).await? {}
        Ok(())
    }
}

/// Where the index stands, and the number of the latest job.
struct Look;

impl Operation for Look {
    type Answer = (i64, i64);

    async fn run(&self, session: &mut Session<'_>) -> Result<(i64, i64), Failure> {
        let sql =
            "SELECT indexed_to, coalesce((SELECT seq FROM jobs ORDER BY seq DESC LIMIT 1), 0) FROM search";
        Ok(sqlx::query_as(sql).fetch_one(&mut *session.connection).await?)
    }
}

/// Indexes the next chunk of those whose jobs are all to be seen. Says whether there was one, and nobody else at it.
struct IndexNext {
    settled: i64,
}

impl Operation for IndexNext {
    type Answer = bool;

    async fn run(&self, session: &mut Session<'_>) -> Result<bool, Failure> {
        let number = session.core.locks.number(Lock::Indexing);
        let connection = &mut *session.connection;
        if !try_lock(connection, number).await? {
            return Ok(false);
        }
        let sql = "SELECT indexed_to, (SELECT seq FROM jobs ORDER BY seq LIMIT 1) FROM search";
        let (watermark, first): (i64, Option<i64>) = sqlx::query_as(sql).fetch_one(&mut *connection).await?;
        let chunk = watermark.max(first.map_or(0, chunk_of));
        if chunk >= chunk_of(self.settled) {
            return Ok(false);
        }
        let digest = Digest::read(connection, chunk).await?;
        digest.write(connection).await?;
        let sql = "UPDATE search SET indexed_to = $1";
        sqlx::query(sql).bind(chunk + 1).execute(connection).await?;
        Ok(true)
    }
}

/// How fast jobs arrive.
#[derive(Default)]
struct Arrivals(Option<(Timestamp, i64)>);

impl Arrivals {
    /// How long to pause after so much work, the latest job being of number `latest` by now.
    fn pause(&mut self, now: Timestamp, latest: i64, worked: Duration) -> Duration {
        let before = self.0.replace((now, latest));
        let busy = before.is_none_or(|(then, number)| {
            let arrived = u32::try_from(latest - number).unwrap_or(u32::MAX);
            f64::from(arrived) > BUSY * now.duration_since(then).as_secs_f64()
        });
        if busy { worked * PAUSE } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indexing_gives_way_to_jobs_that_arrive_and_to_nobody_else() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let worked = Duration::from_millis(10);
        let mut arrivals = Arrivals::default();
        assert_eq!(
            arrivals.pause(at(0), 5_000, worked),
            worked * PAUSE,
            "nothing is known yet"
        );
        assert_eq!(arrivals.pause(at(1), 5_100, worked), Duration::ZERO);
        assert_eq!(arrivals.pause(at(2), 6_100, worked), worked * PAUSE);
        assert_eq!(arrivals.pause(at(12), 7_100, worked), Duration::ZERO);
    }
}
