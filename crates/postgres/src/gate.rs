//! What keeps a job from starting although its time has come.

use std::collections::HashMap;
use std::sync::Arc;

use domain::limits::{Bucket, Gate, Hold, Limits, Verdict, gate};
use jiff::Timestamp;
use uuid::Uuid;

use crate::core::Session;
use crate::error::Failure;
use crate::limits::{Book, lock_buckets, save_buckets};
use crate::room::crowds;
use crate::row::Stored;
use crate::work::Work;

/// Decides whether jobs may start, one after the other. Until the end of the transaction nobody else starts any of the
/// limited types among them.
pub(crate) struct Gatekeeper {
    book: Arc<Book>,
    types: HashMap<String, Situation>,
}

/// A limited type.
#[derive(Debug)]
struct Situation {
    limits: Limits,
    bucket: Option<Bucket>,
    has_changed: bool,
    running: u32,
    /// Whether jobs wait for concurrency or rate that this transaction has not locked.
    others_wait: bool,
}

impl Gatekeeper {
    /// Locks the limits of those of the types that have any. Before all rows of jobs.
    pub(crate) async fn lock(
        session: &mut Session<'_>,
        book: Arc<Book>,
        job_types: impl Iterator<Item = &str>,
    ) -> Result<Self, Failure> {
        let limited: Vec<&str> = job_types.filter(|job_type| book.of(job_type).is_some()).collect();
        let buckets = lock_buckets(session.connection, &limited).await?;
        let situation = |(job_type, bucket): (String, Option<Bucket>)| {
            let limits = *book.of(&job_type)?;
            let situation = Situation {
                limits,
                bucket,
                has_changed: false,
                running: 0,
                others_wait: false,
            };
            Some((job_type, situation))
        };
        let types = buckets.into_iter().filter_map(situation).collect();
        Ok(Self { book, types })
    }

    /// Counts what runs and what waits, beside the rows of this transaction.
    pub(crate) async fn count(
        &mut self,
        session: &mut Session<'_>,
        work: &Work,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let job_types: Vec<&str> = self.types.keys().map(|job_type| &**job_type).collect();
        let ours: Vec<i64> = work.rows().iter().map(|stored| stored.seq).collect();
        let crowds = crowds(session.connection, &job_types, &ours, now).await?;
        for (job_type, crowd) in crowds {
            if let Some(situation) = self.types.get_mut(&job_type) {
                situation.running = crowd.running;
                situation.others_wait = crowd.any_queued;
            }
        }
        Ok(())
    }

    /// Whether a job may start at `now`; if it may, the token of its start is taken. `is_released` says that the
    /// scheduler let it go.
    pub(crate) fn ask(
        &mut self,
        job_type: &str,
        waits_in_work: bool,
        is_released: bool,
        now: Timestamp,
    ) -> Verdict {
        let open = Limits::default();
        let situation = self.types.get_mut(job_type);
        let question = Gate {
            all_paused: self.book.paused,
            limits: situation.as_ref().map_or(&open, |situation| &situation.limits),
            running: situation.as_ref().map_or(0, |situation| situation.running),
            others_wait: waits_in_work || situation.as_ref().is_some_and(|situation| situation.others_wait),
            is_released,
        };
        let before = situation.as_ref().and_then(|situation| situation.bucket);
        let mut bucket = before;
        let verdict = gate(&question, &mut bucket, now);
        if let Some(situation) = situation {
            situation.has_changed |= bucket != before;
            situation.bucket = bucket;
            situation.running += u32::from(verdict == Verdict::Open);
        }
        verdict
    }

    /// Saves the tokens that were taken.
    pub(crate) async fn write(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let changed = self.types.iter().filter(|(_, situation)| situation.has_changed);
        let buckets: Vec<(&str, Bucket)> = changed
            .filter_map(|(job_type, situation)| Some((&**job_type, situation.bucket?)))
            .collect();
        save_buckets(session.connection, &buckets).await
    }
}

/// Whether another job of the type, of the rows of this transaction, waits for concurrency or rate.
pub(crate) fn waits_in(work: &Work, job_type: &str, id: Uuid) -> bool {
    let queues = |stored: &Stored| matches!(stored.row.held, Some(Hold::Concurrency | Hold::Rate));
    let mut others = work.rows().iter().filter(|stored| stored.facts.id != id);
    others.any(|stored| queues(stored) && stored.facts.job_type == job_type)
}
