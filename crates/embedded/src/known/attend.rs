//! Writes the index behind, a little with every group.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, params};
use uuid::Uuid;

use super::marks::Marks;
use super::recover::recover;
use super::state::{Extent, GENERATION, State, load, write};
use crate::error::Failure;
use crate::writer::Attendant;

/// The marks of a database. `None` after a rollback, until they are read again.
#[derive(Debug, Default)]
pub(crate) struct Known(Mutex<Option<State>>);

impl Known {
    /// Reads what is known after a start.
    pub(crate) fn open(connection: &Connection) -> Result<Self, Failure> {
        Ok(Self(Mutex::new(Some(recover(connection)?))))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Option<State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a rollback has made the marks unknown; the next [`super::Session`] reads them again.
    pub(crate) fn is_lost(&self) -> bool {
        self.lock().is_none()
    }

    /// What is known of a job's events, for a reader on a connection of its own. Events whose transaction is
    /// not committed yet may be among them.
    pub(crate) fn read(&self, connection: &Connection, job_id: Uuid) -> Result<Marks, Failure> {
        match &*self.lock() {
            None => return Err(Failure::Unavailable("recovering from a failed write".to_owned())),
            Some(state) => {
                if let Some(marks) = state.get(&job_id) {
                    return Ok(marks.clone());
                }
            }
        }
        let mut find = connection.prepare_cached("SELECT marks FROM known_events WHERE job_id = ?1")?;
        Ok(load(&mut find, job_id)?.unwrap_or_default())
    }
}

impl Attendant for Known {
    fn write(&self, connection: &Connection) -> Result<(), Failure> {
        let mut state = self.lock();
        let Some(state) = &mut *state else { return Ok(()) };
        if state.old.is_empty() && state.young.len() >= GENERATION {
            state.old = std::mem::take(&mut state.young).into_iter().collect();
            state.old_to = state.latest;
        }
        // Twice what came in, so that the old generation is gone before the young one is full.
        let pace = state.added * 2;
        state.added = 0;
        index(connection, state, pace)
    }

    fn committed(&self) {
        if let Some(state) = &mut *self.lock() {
            for _ in 0..std::mem::take(&mut state.indexed) {
                state.old.pop_first();
            }
        }
    }

    fn rolled_back(&self) {
        *self.lock() = None;
    }

    fn farewell(&self, connection: &Connection) -> Result<(), Failure> {
        let mut state = self.lock();
        let Some(state) = &mut *state else { return Ok(()) };
        let young = std::mem::take(&mut state.young);
        state.old.extend(young);
        state.old_to = state.latest;
        index(connection, state, usize::MAX)
    }
}

/// Indexes up to `count` of the old entries.
fn index(connection: &Connection, state: &mut State, count: usize) -> Result<(), Failure> {
    if state.old.is_empty() || count == 0 {
        return Ok(());
    }
    for (job_id, marks) in state.old.iter().take(count) {
        write(connection, *job_id, marks)?;
        state.indexed_max = state.indexed_max.max(*job_id);
    }
    state.indexed = count.min(state.old.len());
    if state.indexed == state.old.len() {
        save_extent(connection, state.old_to)?;
    }
    Ok(())
}

fn save_extent(connection: &Connection, Extent { block, batch }: Extent) -> Result<(), Failure> {
    let mut save = connection.prepare_cached("UPDATE meta SET value = ?2 WHERE name = ?1")?;
    save.execute(params!["known_to_block", block])?;
    save.execute(params!["known_to_batch", batch])?;
    Ok(())
}
