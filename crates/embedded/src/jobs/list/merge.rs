//! Several lists of numbers as one, from the highest down.

use std::ops::Range;

use contracts::JobStatus;
use rusqlite::{Connection, params};

use crate::codes::status_code;
use crate::error::Failure;

/// How many numbers of one status are read at a time.
const STRETCH: i64 = 256;

/// The lists, each from the highest number down.
#[derive(Debug, Default)]
pub(super) struct Merge<'l> {
    known: Vec<&'l [i64]>,
    indexed: Vec<Indexed>,
}

impl<'l> Merge<'l> {
    /// Adds numbers, sorted from the lowest up.
    pub(super) fn add_known(&mut self, numbers: &'l [i64]) {
        self.known.push(numbers);
    }

    /// Adds the jobs of a status that has an index.
    pub(super) fn add_status(&mut self, status: JobStatus, range: &Range<i64>) {
        self.indexed.push(Indexed {
            status,
            from: range.start,
            until: range.end,
            numbers: Vec::new(),
        });
    }

    /// The next number; each comes once.
    pub(super) fn next(&mut self, connection: &Connection) -> Result<Option<i64>, Failure> {
        for list in &mut self.indexed {
            list.fill(connection)?;
        }
        let known = self.known.iter().filter_map(|list| list.last());
        let indexed = self.indexed.iter().filter_map(|list| list.numbers.last());
        let next = known.chain(indexed).max().copied();
        for list in &mut self.known {
            if let Some((last, rest)) = list.split_last()
                && Some(*last) == next
            {
                *list = rest;
            }
        }
        for list in &mut self.indexed {
            list.numbers.pop_if(|last| Some(*last) == next);
        }
        Ok(next)
    }
}

/// The jobs of one status, read in stretches.
#[derive(Debug)]
struct Indexed {
    status: JobStatus,
    from: i64,
    /// Numbers from here on were read.
    until: i64,
    /// What was read and not taken, from the lowest up.
    numbers: Vec<i64>,
}

impl Indexed {
    fn fill(&mut self, connection: &Connection) -> Result<(), Failure> {
        if !self.numbers.is_empty() || self.until <= self.from {
            return Ok(());
        }
        let mut find = connection.prepare_cached(
            "SELECT seq FROM jobs INDEXED BY jobs_by_status
             WHERE status <> 4 AND status <> 5 AND status = ?1 AND seq >= ?2 AND seq < ?3
             ORDER BY seq DESC LIMIT ?4",
        )?;
        let asked = params![status_code(self.status), self.from, self.until, STRETCH];
        let found = find.query_map(asked, |row| row.get(0))?;
        self.numbers = found.collect::<rusqlite::Result<_>>()?;
        self.numbers.reverse();
        self.until = self.numbers.first().copied().unwrap_or(self.from);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::jobs::admit;
    use crate::jobs::fixtures::{Desk, at, job};

    fn all(desk: &Desk, mut merge: Merge<'_>) -> Vec<i64> {
        std::iter::from_fn(|| merge.next(&desk.connection).unwrap()).collect()
    }

    #[test]
    fn numbers_come_from_the_highest_down_and_each_once() {
        let desk = Desk::new();
        let jobs: Vec<_> = (0..600).map(|number| Arc::new(job(number))).collect();
        desk.write(|table| admit::admit(table, &jobs, at(60)));
        let failed = "UPDATE jobs SET status = 6 WHERE seq % 100 = 0";
        desk.connection.execute(failed, []).unwrap();
        let mut merge = Merge::default();
        merge.add_known(&[5, 100, 700]);
        merge.add_known(&[7, 100]);
        merge.add_status(JobStatus::Pending, &(50..590));
        merge.add_status(JobStatus::Failed, &(100..500));
        let pending = (50..590).filter(|seq| seq % 100 != 0);
        let mut expected: Vec<i64> = pending.chain([5, 7, 700, 100, 200, 300, 400]).collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(all(&desk, merge), expected);
    }

    #[test]
    fn nothing_of_nothing() {
        let mut merge = Merge::default();
        merge.add_known(&[]);
        merge.add_status(JobStatus::Failed, &(0..100));
        assert!(all(&Desk::new(), merge).is_empty());
    }
}
