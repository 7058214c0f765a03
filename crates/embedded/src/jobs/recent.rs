//! What the writer remembers of the table: the rows that it touched lately, so that a job's result finds the
//! row that its claim wrote, which jobs run, and the limits.
//!
//! Only the writer thread changes rows, so what it wrote last is what the table has, unless a transaction
//! was rolled back; then everything is forgotten. The operations of a group that failed run again one by one, in
//! one transaction, and what one of them does to the memory must outlive the failure of the next: until
//! something is committed, each saves what is otherwise saved once in a group.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use uuid::Uuid;

use super::limits::Limiter;
use super::released::Released;
use super::row::Stored;
use super::running::Running;
use super::search::Errors;
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
    /// `None` until they are read.
    limits: Option<Limiter>,
    pub(super) released: Released,
    /// After which type the scheduler goes on looking for jobs that limits held back.
    pub(super) looked_at: Vec<u8>,
    /// Whether any job is remembered as forgotten; `None` until it is read.
    pub(super) forgotten: Option<bool>,
    pub(super) types: Types,
    pub(super) errors: Errors,
    /// Whether every operation saves for itself.
    careful: bool,
}

impl Rows {
    pub(super) fn knows(&self, id: &Uuid) -> bool {
        self.young.contains_key(id) || self.old.contains_key(id)
    }

    /// Takes a row, to be changed and put back.
    pub(super) fn take(&mut self, id: &Uuid) -> Option<Stored> {
        self.young.remove(id).or_else(|| self.old.remove(id))
    }

    /// Gives back a row that was taken, or remembers one that was not there.
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

    /// The limits, read if need be.
    pub(super) fn limits(&mut self, connection: &Connection) -> Result<&mut Limiter, Failure> {
        if self.limits.is_none() {
            self.limits = Some(Limiter::load(connection)?);
        }
        Ok(self.limits.get_or_insert_default())
    }

    /// Ends an operation.
    pub(super) fn settle(&mut self, connection: &Connection) -> Result<(), Failure> {
        if self.careful {
            self.save(connection)
        } else {
            Ok(())
        }
    }

    fn save(&mut self, connection: &Connection) -> Result<(), Failure> {
        if let Some(running) = &mut self.running {
            running.save(connection)?;
        }
        if let Some(limits) = &mut self.limits {
            limits.save(connection)?;
        }
        Ok(())
    }
}

/// What the writer remembers of a database's jobs.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Rows>);

impl Recent {
    pub(super) fn lock(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attendant for Recent {
    fn write(&self, connection: &Connection) -> Result<(), Failure> {
        self.lock().save(connection)
    }

    fn committed(&self) {
        self.lock().careful = false;
    }

    fn rolled_back(&self) {
        *self.lock() = Rows {
            careful: true,
            ..Rows::default()
        };
    }
}

#[cfg(test)]
mod tests;
