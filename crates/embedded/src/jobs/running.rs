//! Which jobs are EXECUTING, and under which worker.
//!
//! As many as workers run at once, so they are held in memory and saved as one row, where an index would be
//! written twice for every job.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::row::{FIND_SEQ, Stored, stored};
use crate::codec::{Malformed, Reader, put_varint};
use crate::error::Failure;

/// The notation of [`Running::encode`]; the first byte of every list.
const VERSION: u8 = 1;

/// The running jobs by number.
#[derive(Debug, Default)]
pub(super) struct Running {
    jobs: BTreeMap<i64, Attempt>,
    /// Those that clients want to end, by number, with what the worker knows them by.
    cancelling: BTreeMap<i64, (Uuid, u32)>,
    /// How many of each type there are, from the moment on that somebody asks.
    of_types: Option<HashMap<Arc<str>, u32>>,
    workers: Names,
    types: Names,
    changed: bool,
}

/// What is known of a running job.
#[derive(Debug)]
struct Attempt {
    worker: Arc<str>,
    job_type: Arc<str>,
}

/// The name that came last: mostly it is the next one's, too.
#[derive(Debug, Default)]
struct Names(Option<Arc<str>>);

impl Names {
    fn share(&mut self, name: &str) -> Arc<str> {
        match &self.0 {
            Some(last) if **last == *name => Arc::clone(last),
            _ => Arc::clone(self.0.insert(name.into())),
        }
    }
}

impl Running {
    /// Notes what has become of a job.
    pub(super) fn note(&mut self, stored: &Stored) {
        match &stored.row.worker {
            Some(worker) => self.runs(worker, stored),
            None => self.ended(stored.seq),
        }
    }

    fn runs(&mut self, worker: &str, stored: &Stored) {
        let attempt = Attempt {
            worker: self.workers.share(worker),
            job_type: self.types.share(&stored.facts.job_type),
        };
        if stored.row.cancelling {
            self.cancelling
                .insert(stored.seq, (stored.facts.id, stored.row.attempt));
        }
        let job_type = Arc::clone(&attempt.job_type);
        if self.jobs.insert(stored.seq, attempt).is_none() {
            self.changed = true;
            if let Some(counts) = &mut self.of_types {
                *counts.entry(job_type).or_default() += 1;
            }
        }
    }

    fn ended(&mut self, seq: i64) {
        let Some(attempt) = self.jobs.remove(&seq) else {
            return;
        };
        self.changed = true;
        self.cancelling.remove(&seq);
        if let Some(counts) = &mut self.of_types
            && let Some(count) = counts.get_mut(&attempt.job_type)
        {
            *count -= 1;
            if *count == 0 {
                counts.remove(&attempt.job_type);
            }
        }
    }

    /// How many jobs of a type run.
    pub(super) fn of_type(&mut self, job_type: &str) -> u32 {
        let counts = self.of_types.get_or_insert_with(|| {
            let mut counts = HashMap::new();
            for attempt in self.jobs.values() {
                *counts.entry(Arc::clone(&attempt.job_type)).or_default() += 1;
            }
            counts
        });
        counts.get(job_type).copied().unwrap_or(0)
    }

    /// The attempts of a worker that clients want to end.
    pub(super) fn cancelling(&self, worker: &str) -> Vec<(Uuid, u32)> {
        let of_worker = |seq: &i64| self.jobs.get(seq).is_some_and(|job| *job.worker == *worker);
        let wanted = self.cancelling.iter().filter(|(seq, _)| of_worker(seq));
        wanted.map(|(_, attempt)| *attempt).collect()
    }

    /// At most `limit` of the jobs whose worker is not `alive`.
    pub(super) fn orphans(&self, limit: usize, alive: impl Fn(&str) -> bool) -> Vec<i64> {
        let orphans = self.jobs.iter().filter(|(_, job)| !alive(&job.worker));
        orphans.map(|(seq, _)| *seq).take(limit).collect()
    }

    /// Reads the list.
    pub(super) fn load(connection: &Connection) -> Result<Self, Failure> {
        let mut running = Self::default();
        let mut find = connection.prepare_cached(FIND_SEQ)?;
        for seq in saved(connection)? {
            let mut rows = find.query([seq])?;
            match rows.next()?.map(stored).transpose()? {
                Some(stored) if stored.row.worker.is_some() => running.note(&stored),
                _ => return Err(Failure::Corrupt(format!("jobs_running: job {seq} does not run"))),
            }
        }
        running.changed = false;
        Ok(running)
    }

    /// Saves the list, if it has changed.
    pub(super) fn save(&mut self, connection: &Connection) -> Result<(), Failure> {
        if std::mem::take(&mut self.changed) {
            let sql = "INSERT OR REPLACE INTO jobs_running (only, seqs) VALUES (1, ?1)";
            connection.prepare_cached(sql)?.execute([self.encode()])?;
        }
        Ok(())
    }

    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.jobs.len() * 2 + 1);
        out.push(VERSION);
        let mut last = 0;
        for seq in self.jobs.keys() {
            put_varint(&mut out, (seq - last).cast_unsigned());
            last = *seq;
        }
        out
    }
}

/// The numbers of the running jobs as they are saved, from the lowest up: with each commit.
pub(super) fn saved(connection: &Connection) -> Result<Vec<i64>, Failure> {
    let mut find = connection.prepare_cached("SELECT seqs FROM jobs_running WHERE only = 1")?;
    let seqs: Option<Vec<u8>> = find.query_row([], |row| row.get(0)).optional()?;
    let seqs = seqs.as_deref().map_or(Ok(Vec::new()), decode);
    seqs.map_err(|what| Failure::corrupt("jobs_running", what))
}

fn decode(stored: &[u8]) -> Result<Vec<i64>, Malformed> {
    let mut reader = Reader::new(stored);
    if reader.byte()? != VERSION {
        return Err(Malformed::Bad("version"));
    }
    let (mut seqs, mut last) = (Vec::new(), 0_i64);
    while !reader.is_empty() {
        last = last
            .checked_add_unsigned(reader.varint()?)
            .ok_or(Malformed::Bad("number"))?;
        seqs.push(last);
    }
    Ok(seqs)
}

#[cfg(test)]
mod tests;
