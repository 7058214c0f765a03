//! Counts events, each once.

use std::collections::{BTreeMap, HashMap};

use contracts::EventType;
use jiff::Timestamp;
use ports::{OTHER_TYPES, StatEvent};
use rusqlite::{Connection, OptionalExtension, params};

use super::errors::Errors;
use crate::codes::event_code;
use crate::error::Failure;
use crate::known::{ID_SIZE, Known, Session};

/// How many job types are told apart in storage: many more than a snapshot shows, so that the busiest are
/// right whatever the order, and still a bound on what clients can make us keep.
const STORED_TYPES: i64 = 10_000;

/// How many identifiers one row of `stats_batches` holds.
const BATCH: usize = 512;

/// What is counted per job type and per minute.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    created: i64,
    completed: i64,
    failed: i64,
}

impl Tally {
    fn add(&mut self, event_type: EventType) {
        match event_type {
            EventType::Created => self.created += 1,
            EventType::Completed => self.completed += 1,
            EventType::Failed | EventType::Quarantined => self.failed += 1,
            _ => {}
        }
    }
}

/// What is counted per type of event.
#[derive(Clone, Copy, Debug)]
struct Count {
    all: i64,
    ended: i64,
    latest: Timestamp,
}

#[derive(Default)]
struct Sums<'e> {
    events: BTreeMap<u8, Count>,
    types: HashMap<&'e str, Tally>,
    minutes: BTreeMap<i64, Tally>,
    errors: Errors<'e>,
}

impl<'e> Sums<'e> {
    fn add(&mut self, event: &'e StatEvent) {
        let code = event_code(event.event_type);
        let count = self.events.entry(code).or_insert(Count {
            all: 0,
            ended: 0,
            latest: event.at,
        });
        count.all += 1;
        count.ended += i64::from(event.attempt_ended);
        count.latest = event.at.max(count.latest);
        self.types
            .entry(&event.job_type)
            .or_default()
            .add(event.event_type);
        self.minutes
            .entry(minute(event.at))
            .or_default()
            .add(event.event_type);
        self.errors.add(event);
    }
}

/// The start of the minute that a moment is in, in seconds since 1970.
pub(super) fn minute(at: Timestamp) -> i64 {
    at.as_microsecond().div_euclid(60_000_000) * 60
}

/// Counts the events that were not counted yet and returns how many these were.
pub(super) fn apply(
    connection: &Connection,
    known: &Known,
    events: &[StatEvent],
    now: Timestamp,
) -> Result<usize, Failure> {
    let mut session = Session::new(connection, known)?;
    let mut sums = Sums::default();
    let mut ids = Vec::with_capacity(events.len() * ID_SIZE);
    for event in events {
        if session.marks(event.job_id)?.count(event.event_id) {
            sums.add(event);
            ids.extend_from_slice(event.job_id.as_bytes());
            ids.extend_from_slice(event.event_id.as_bytes());
        }
    }
    keep_ids(connection, &mut session, &ids, now)?;
    add_events(connection, &sums.events)?;
    add_minutes(connection, &sums.minutes)?;
    for (job_type, tally) in sums.types {
        add_type(connection, job_type, tally)?;
    }
    sums.errors.write(connection)?;
    Ok(ids.len() / ID_SIZE)
}

fn keep_ids(
    connection: &Connection,
    session: &mut Session<'_>,
    ids: &[u8],
    now: Timestamp,
) -> Result<(), Failure> {
    let sql = "INSERT INTO stats_batches (applied_at, ids) VALUES (?1, ?2)";
    let mut insert = connection.prepare_cached(sql)?;
    for batch in ids.chunks(BATCH * ID_SIZE) {
        session.wrote_batch(insert.insert(params![now.as_microsecond(), batch])?);
    }
    Ok(())
}

fn add_events(connection: &Connection, events: &BTreeMap<u8, Count>) -> Result<(), Failure> {
    let mut add = connection.prepare_cached(
        "INSERT INTO stats_events (event_type, count, ended, latest) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET count = count + excluded.count, ended = ended + excluded.ended,
             latest = max(latest, excluded.latest)",
    )?;
    for (event_type, Count { all, ended, latest }) in events {
        add.execute(params![event_type, all, ended, latest.as_microsecond()])?;
    }
    Ok(())
}

fn add_minutes(connection: &Connection, minutes: &BTreeMap<i64, Tally>) -> Result<(), Failure> {
    let mut add = connection.prepare_cached(
        "INSERT INTO stats_minutes (minute, created, completed, failed) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO UPDATE SET created = created + excluded.created,
             completed = completed + excluded.completed, failed = failed + excluded.failed",
    )?;
    for (minute, tally) in minutes {
        add.execute([*minute, tally.created, tally.completed, tally.failed])?;
    }
    Ok(())
}

fn add_type(connection: &Connection, job_type: &str, tally: Tally) -> Result<(), Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE stats_types SET created = created + ?2, completed = completed + ?3, failed = failed + ?4
         WHERE job_type = ?1",
    )?;
    let Tally {
        created,
        completed,
        failed,
    } = tally;
    if update.execute(params![job_type.as_bytes(), created, completed, failed])? == 1 {
        return Ok(());
    }
    if job_type != OTHER_TYPES && is_full(connection)? {
        return add_type(connection, OTHER_TYPES, tally);
    }
    let sql = "INSERT INTO stats_types (job_type, created, completed, failed) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = connection.prepare_cached(sql)?;
    insert.execute(params![job_type.as_bytes(), created, completed, failed])?;
    Ok(())
}

fn is_full(connection: &Connection) -> Result<bool, Failure> {
    let mut count = connection.prepare_cached("SELECT count(*) FROM stats_types")?;
    let count: Option<i64> = count.query_row([], |row| row.get(0)).optional()?;
    Ok(count.unwrap_or(0) >= STORED_TYPES)
}
