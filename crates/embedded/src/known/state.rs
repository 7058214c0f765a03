//! The marks in memory, and how an operation uses them.

use std::collections::{BTreeMap, HashMap};
use std::sync::MutexGuard;

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};
use uuid::Uuid;

use super::attend::Known;
use super::marks::Marks;
use super::recover::recover;
use crate::error::Failure;
use crate::hash::Scramble;

/// How many jobs gather before they are indexed.
pub(super) const GENERATION: usize = 4096;

/// The bytes of an event in `stats_batches`: its job's identifier and its own.
pub(crate) const ID_SIZE: usize = 32;

/// Up to which rows of the two tables something is true.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) block: i64,
    pub(super) batch: i64,
}

/// Entries that are not indexed yet.
#[derive(Debug, Default)]
pub(super) struct State {
    /// Gathers.
    pub(super) young: HashMap<Uuid, Marks, Scramble>,
    /// Is being indexed, in the order of the identifiers. Its entries may still change.
    pub(super) old: BTreeMap<Uuid, Marks>,
    /// What is indexed once `old` is empty.
    pub(super) old_to: Extent,
    /// The latest rows.
    pub(super) latest: Extent,
    /// No identifier beyond this one is in the index: new jobs' mostly are, being ordered by time.
    pub(super) indexed_max: Uuid,
    /// How many entries this group added.
    pub(super) added: usize,
    /// How many entries the last group indexed; they are dropped with its commit.
    pub(super) indexed: usize,
}

impl State {
    pub(super) fn get(&self, job_id: &Uuid) -> Option<&Marks> {
        self.young.get(job_id).or_else(|| self.old.get(job_id))
    }

    fn get_mut(&mut self, job_id: &Uuid) -> Option<&mut Marks> {
        match self.young.get_mut(job_id) {
            Some(marks) => Some(marks),
            None => self.old.get_mut(job_id),
        }
    }
}

/// The marks, for one operation of the writer.
pub(crate) struct Session<'k> {
    connection: &'k Connection,
    state: MutexGuard<'k, Option<State>>,
    find: CachedStatement<'k>,
}

impl<'k> Session<'k> {
    /// Reads the marks again first, if the last transaction was rolled back.
    pub(crate) fn new(connection: &'k Connection, known: &'k Known) -> Result<Self, Failure> {
        let mut state = known.lock();
        if state.is_none() {
            *state = Some(recover(connection)?);
        }
        let find = connection.prepare_cached("SELECT marks FROM known_events WHERE job_id = ?1")?;
        Ok(Self {
            connection,
            state,
            find,
        })
    }

    /// What is known of a job's events, to be changed.
    pub(crate) fn marks(&mut self, job_id: Uuid) -> Result<&mut Marks, Failure> {
        let state = self.state.get_or_insert_default();
        if state.get(&job_id).is_none() {
            let marks = if job_id > state.indexed_max {
                None
            } else {
                load(&mut self.find, job_id)?
            };
            state.young.insert(job_id, marks.unwrap_or_default());
            state.added += 1;
        }
        state
            .get_mut(&job_id)
            .ok_or_else(|| Failure::Unavailable("marks are gone".to_owned()))
    }

    /// Changes what is known of a job's events, in the table, too: what retention removes must not come back
    /// with a crash.
    pub(crate) fn retract(&mut self, job_id: Uuid, change: impl FnOnce(&mut Marks)) -> Result<(), Failure> {
        let state = self.state.get_or_insert_default();
        if let Some(marks) = state.get_mut(&job_id) {
            change(marks);
            write(self.connection, job_id, marks)?;
            state.indexed_max = state.indexed_max.max(job_id);
            return Ok(());
        }
        let Some(mut marks) = load(&mut self.find, job_id)? else {
            return Ok(());
        };
        change(&mut marks);
        write(self.connection, job_id, &marks)
    }

    /// The number of the block that is written next.
    pub(crate) fn next_block(&mut self) -> i64 {
        self.state.get_or_insert_default().latest.block + 1
    }

    /// A block was written.
    pub(crate) fn wrote_block(&mut self, seq: i64) {
        self.state.get_or_insert_default().latest.block = seq;
    }

    /// A batch was written.
    pub(crate) fn wrote_batch(&mut self, seq: i64) {
        self.state.get_or_insert_default().latest.batch = seq;
    }
}

/// Writes what is known of a job's events to the index.
pub(super) fn write(connection: &Connection, job_id: Uuid, marks: &Marks) -> Result<(), Failure> {
    if marks.is_empty() {
        let mut delete = connection.prepare_cached("DELETE FROM known_events WHERE job_id = ?1")?;
        delete.execute([job_id.as_bytes()])?;
    } else {
        let mut keep = connection.prepare_cached(
            "INSERT INTO known_events (job_id, marks) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET marks = excluded.marks",
        )?;
        keep.execute(params![job_id.as_bytes(), marks.encode()])?;
    }
    Ok(())
}

/// Reads what the index knows of a job's events.
pub(super) fn load(find: &mut CachedStatement<'_>, job_id: Uuid) -> Result<Option<Marks>, Failure> {
    let stored: Option<Vec<u8>> = find.query_row([job_id.as_bytes()], |row| row.get(0)).optional()?;
    let marks = stored.as_deref().map(Marks::decode).transpose();
    marks.map_err(|what| Failure::corrupt(format_args!("known_events {job_id}"), what))
}
