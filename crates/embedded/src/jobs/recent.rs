//! What the writer remembers of the table: the rows that it touched lately, so that a job's result finds the
//! row that its claim wrote, and which jobs run.
//!
//! Only the writer thread changes rows, so what it wrote last is what the table has, unless a transaction
//! was rolled back; then everything is forgotten.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use uuid::Uuid;

use super::row::Stored;
use super::running::Running;
use super::types::Types;
use crate::error::Failure;
use crate::hash::Scramble;
use crate::writer::Attendant;

/// How many rows are kept at most, half of it in each generation: some megabytes.
const CAPACITY: usize = 8192;

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// The latest rows, in two generations: when the young one is full it becomes the old one.
    young: HashMap<Uuid, Stored, Scramble>,
    old: HashMap<Uuid, Stored, Scramble>,
    /// `None` until it is read.
    running: Option<Running>,
    pub(super) types: Types,
}

impl Rows {
    pub(super) fn knows(&self, id: &Uuid) -> bool {
        self.young.contains_key(id) || self.old.contains_key(id)
    }

    /// Takes a row, to be changed and put back.
    pub(super) fn take(&mut self, id: &Uuid) -> Option<Stored> {
        self.young.remove(id).or_else(|| self.old.remove(id))
    }

    pub(super) fn put(&mut self, stored: Stored) {
        if self.young.len() >= CAPACITY / 2 {
            std::mem::swap(&mut self.old, &mut self.young);
            self.young.clear();
        }
        self.young.insert(stored.facts.id, stored);
    }

    /// The running jobs, read if need be.
    pub(super) fn running(&mut self, connection: &Connection) -> Result<&mut Running, Failure> {
        if self.running.is_none() {
            self.running = Some(Running::load(connection)?);
        }
        Ok(self.running.get_or_insert_default())
    }
}

/// What the writer remembers of a database's jobs.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Rows>);

impl Recent {
    pub(super) fn lock(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the running jobs are known.
    pub(super) fn has_running(&self) -> bool {
        self.lock().running.is_some()
    }

    /// The numbers of the running jobs before `before`, the latest first, as far as they are read.
    pub(super) fn running_before(&self, before: i64) -> Option<Vec<i64>> {
        self.lock().running.as_ref().map(|running| running.before(before))
    }
}

impl Attendant for Recent {
    fn write(&self, connection: &Connection) -> Result<(), Failure> {
        match &mut self.lock().running {
            Some(running) => running.save(connection),
            None => Ok(()),
        }
    }

    fn rolled_back(&self) {
        *self.lock() = Rows::default();
    }
}

#[cfg(test)]
mod tests {
    use domain::Row;
    use jiff::Timestamp;

    use super::super::history::{self, Facts};
    use super::*;

    fn stored(number: u128) -> Stored {
        Stored {
            seq: 1,
            facts: Facts {
                id: Uuid::from_u128(number),
                job_type: "echo".to_owned(),
                created_at: Timestamp::UNIX_EPOCH,
                correlation_id: Uuid::nil(),
            },
            row: Row::pending(Timestamp::UNIX_EPOCH),
            history: history::begin(),
        }
    }

    #[test]
    fn the_latest_rows_are_there_and_the_number_is_bounded() {
        let mut rows = Rows::default();
        for number in 0..50_000 {
            rows.put(stored(number));
        }
        assert!(rows.young.len() + rows.old.len() <= CAPACITY);
        for number in 50_000 - CAPACITY as u128 / 2..50_000 {
            assert!(rows.knows(&Uuid::from_u128(number)), "{number}");
        }
    }

    #[test]
    fn a_rollback_forgets_everything() {
        let recent = Recent::default();
        recent.lock().put(stored(1));
        recent.rolled_back();
        assert!(recent.lock().take(&Uuid::from_u128(1)).is_none());
    }
}
