//! What this process remembers of rows that it has written lately: the result of an attempt is then written without
//! reading its row first.
//!
//! Other processes write rows, too, so what is remembered is only a guess; each write says which version it has seen,
//! and where the row is another one by now, it is read and the rules are asked again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::row::Stored;

/// How many rows are kept at most, half of it in each generation: some megabytes.
const CAPACITY: usize = 16_384;

/// How many claims are kept at most; what becomes of those that are not is found out by the reaper.
const MOST_CLAIMS: usize = 10_000;

/// What this process remembers.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    /// The latest rows, in two generations: when the young one is full it becomes the old one.
    young: HashMap<Uuid, Stored>,
    old: HashMap<Uuid, Stored>,
    claims: HashMap<u64, Outstanding>,
    ended: Vec<(u64, String)>,
}

/// What is left of a claim.
#[derive(Debug)]
struct Outstanding {
    worker: String,
    jobs: usize,
}

impl Known {
    /// Whether a job is stored, as far as this process knows: `false` means that the database has to be asked.
    pub(crate) fn has(&self, id: &Uuid) -> bool {
        let memory = self.lock();
        memory.young.contains_key(id) || memory.old.contains_key(id)
    }

    /// Takes a row, to be changed and put back.
    pub(crate) fn take(&self, id: &Uuid) -> Option<Stored> {
        let mut memory = self.lock();
        let taken = memory.young.remove(id);
        taken.or_else(|| memory.old.remove(id))
    }

    /// Remembers a row as it is stored now.
    pub(crate) fn put(&self, stored: Stored) {
        let mut memory = self.lock();
        if memory.young.len() >= CAPACITY / 2 {
            let full = std::mem::take(&mut memory.young);
            memory.old = full;
        }
        let before = memory.old.remove(&stored.facts.id);
        let before = memory.young.remove(&stored.facts.id).or(before);
        // Calls that ran side by side may come back in another order than they were written.
        let latest = before.filter(|before| before.version > stored.version);
        let latest = latest.unwrap_or_else(|| stored.settled());
        memory.young.insert(latest.facts.id, latest);
    }

    /// Notes that a worker of this process has started so many jobs by a claim.
    pub(crate) fn started(&self, claim: u64, worker: &str, jobs: usize) {
        if jobs == 0 {
            return;
        }
        let mut memory = self.lock();
        if memory.claims.len() >= MOST_CLAIMS {
            memory.claims.clear();
        }
        let fresh = || Outstanding {
            worker: worker.to_owned(),
            jobs: 0,
        };
        memory.claims.entry(claim).or_insert_with(fresh).jobs += jobs;
    }

    /// Notes that a job does not run any more that was started by a claim.
    pub(crate) fn ended(&self, claim: u64) {
        let mut memory = self.lock();
        let Some(outstanding) = memory.claims.get_mut(&claim) else {
            return;
        };
        outstanding.jobs = outstanding.jobs.saturating_sub(1);
        if outstanding.jobs == 0
            && let Some(outstanding) = memory.claims.remove(&claim)
        {
            memory.ended.push((claim, outstanding.worker));
        }
    }

    /// The claims of which nothing runs any more, each once.
    pub(crate) fn take_ended(&self) -> Vec<(u64, String)> {
        std::mem::take(&mut self.lock().ended)
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
