//! Which jobs are EXECUTING, and under which worker.
//!
//! As many as workers run at once, so they are held in memory and saved as one row, where an index would be
//! written twice for every job.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::Row;
use rusqlite::{Connection, OptionalExtension};

use super::row::{FIND_SEQ, stored};
use crate::codec::{Malformed, Reader, put_varint};
use crate::error::Failure;

/// The notation of [`Running::encode`]; the first byte of every list.
const VERSION: u8 = 1;

/// The running jobs by number.
#[derive(Debug, Default)]
pub(super) struct Running {
    jobs: BTreeMap<i64, Arc<str>>,
    /// The name that came last: mostly it is the next one's, too.
    last: Option<Arc<str>>,
    changed: bool,
}

impl Running {
    /// Notes what has become of a job.
    pub(super) fn note(&mut self, seq: i64, row: &Row) {
        match &row.worker {
            Some(worker) => {
                let worker = self.name(worker);
                self.changed |= self.jobs.insert(seq, worker).is_none();
            }
            None => self.changed |= self.jobs.remove(&seq).is_some(),
        }
    }

    /// The jobs before number `before`, the latest first.
    pub(super) fn before(&self, before: i64) -> Vec<i64> {
        self.jobs.range(..before).rev().map(|(seq, _)| *seq).collect()
    }

    /// At most `limit` of the jobs whose worker is not `alive`.
    pub(super) fn orphans(&self, limit: usize, alive: impl Fn(&str) -> bool) -> Vec<i64> {
        let orphans = self.jobs.iter().filter(|(_, worker)| !alive(worker));
        orphans.map(|(seq, _)| *seq).take(limit).collect()
    }

    /// Reads the list.
    pub(super) fn load(connection: &Connection) -> Result<Self, Failure> {
        let sql = "SELECT seqs FROM jobs_running WHERE only = 1";
        let seqs: Option<Vec<u8>> = connection.query_row(sql, [], |row| row.get(0)).optional()?;
        let seqs = seqs.as_deref().map_or(Ok(Vec::new()), decode);
        let mut running = Self::default();
        let mut find = connection.prepare_cached(FIND_SEQ)?;
        for seq in seqs.map_err(|what| Failure::corrupt("jobs_running", what))? {
            let mut rows = find.query([seq])?;
            match rows.next()?.map(stored).transpose()? {
                Some(stored) if stored.row.worker.is_some() => running.note(seq, &stored.row),
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

    fn name(&mut self, worker: &str) -> Arc<str> {
        match &self.last {
            Some(last) if **last == *worker => Arc::clone(last),
            _ => Arc::clone(self.last.insert(worker.into())),
        }
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
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn held(worker: &str) -> Row {
        let mut row = Row::pending(Timestamp::UNIX_EPOCH);
        row.start(worker, 1);
        row
    }

    #[test]
    fn running_jobs_are_known_until_they_end() {
        let mut running = Running::default();
        for (seq, worker) in [(3, "a"), (5, "b"), (900, "a")] {
            running.note(seq, &held(worker));
        }
        assert_eq!(running.before(900), [5, 3]);
        assert_eq!(running.orphans(9, |worker| worker == "b"), [3, 900]);
        assert_eq!(running.orphans(1, |worker| worker == "b"), [3]);
        running.note(3, &Row::pending(Timestamp::UNIX_EPOCH));
        assert_eq!(running.before(i64::MAX), [900, 5]);
        assert_eq!(decode(&running.encode()), Ok(vec![5, 900]));
    }

    #[test]
    fn bad_lists_are_refused() {
        assert_eq!(decode(&[]), Err(Malformed::Short));
        assert_eq!(decode(&[2]), Err(Malformed::Bad("version")));
        assert_eq!(decode(&[1, 0x80]), Err(Malformed::Short));
    }
}
