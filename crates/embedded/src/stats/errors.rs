//! Errors of one cause, counted together.

use std::collections::BTreeMap;

use domain::fingerprint::Fingerprint;
use jiff::Timestamp;
use ports::{ErrorGroup, Failure as Cause, MAX_ERROR_GROUPS, StatEvent};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use crate::codec::Malformed;
use crate::codes::{moment, uuid};
use crate::core::count;
use crate::error::Failure;

/// What a batch adds to the groups.
#[derive(Default)]
pub(super) struct Errors<'e>(BTreeMap<Fingerprint, Sum<'e>>);

/// Times are in microseconds, as they are stored: finer ones would decide within a batch and not between two.
struct Sum<'e> {
    title: &'e str,
    count: i64,
    first_at: i64,
    /// The latest one and its job.
    last: (i64, Uuid),
}

impl<'e> Errors<'e> {
    pub(super) fn add(&mut self, event: &'e StatEvent) {
        let Some(Cause { fingerprint, title }) = &event.failure else {
            return;
        };
        let at = event.at.as_microsecond();
        let last = (at, event.job_id);
        let sum = self.0.entry(*fingerprint).or_insert(Sum {
            title,
            count: 0,
            first_at: at,
            last,
        });
        sum.count += 1;
        sum.first_at = sum.first_at.min(at);
        sum.last = sum.last.max(last);
    }

    /// Adds to the groups that are there, and makes others while there is room.
    pub(super) fn write(&self, connection: &Connection) -> Result<(), Failure> {
        let mut room = None;
        for (fingerprint, sum) in &self.0 {
            if add(connection, *fingerprint, sum)? {
                continue;
            }
            let left = match room {
                Some(left) => left,
                None => MAX_ERROR_GROUPS.saturating_sub(groups(connection)?),
            };
            if left > 0 {
                insert(connection, *fingerprint, sum)?;
            }
            room = Some(left.saturating_sub(1));
        }
        Ok(())
    }
}

/// The fingerprint's bits as SQL takes them.
fn key(fingerprint: Fingerprint) -> i64 {
    fingerprint.0.cast_signed()
}

/// Adds to a group; `false` if there is none.
fn add(connection: &Connection, fingerprint: Fingerprint, sum: &Sum<'_>) -> Result<bool, Failure> {
    let mut update = connection.prepare_cached(
        "UPDATE stats_errors SET count = count + ?2, first_at = min(first_at, ?3), last_at = max(last_at, ?4),
             last_job = CASE WHEN (last_at, last_job) < (?4, ?5) THEN ?5 ELSE last_job END
         WHERE fingerprint = ?1",
    )?;
    let (last_at, last_job) = sum.last;
    let changed = update.execute(params![
        key(fingerprint),
        sum.count,
        sum.first_at,
        last_at,
        last_job.as_bytes()
    ])?;
    Ok(changed == 1)
}

fn insert(connection: &Connection, fingerprint: Fingerprint, sum: &Sum<'_>) -> Result<(), Failure> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO stats_errors (fingerprint, title, count, first_at, last_at, last_job)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    let (last_at, last_job) = sum.last;
    insert.execute(params![
        key(fingerprint),
        sum.title.as_bytes(),
        sum.count,
        sum.first_at,
        last_at,
        last_job.as_bytes()
    ])?;
    Ok(())
}

fn groups(connection: &Connection) -> Result<usize, Failure> {
    let mut find = connection.prepare_cached("SELECT count(*) FROM stats_errors")?;
    let count: i64 = find.query_row([], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The groups, those with the latest error first.
pub(super) fn list(connection: &Connection, limit: usize) -> Result<Vec<ErrorGroup>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT fingerprint, title, count, first_at, last_at, last_job FROM stats_errors
         ORDER BY last_at DESC, last_job DESC, fingerprint LIMIT ?1",
    )?;
    let mut rows = find.query([count(limit)])?;
    let mut groups = Vec::new();
    while let Some(row) = rows.next()? {
        groups.push(group(row)?);
    }
    Ok(groups)
}

fn group(row: &Row<'_>) -> Result<ErrorGroup, Failure> {
    let fingerprint = Fingerprint(row.get::<_, i64>(0)?.cast_unsigned());
    let corrupt = |what| Failure::corrupt(format_args!("stats_errors {fingerprint}"), what);
    let title = String::from_utf8(row.get(1)?).map_err(|_| corrupt(Malformed::Bad("text")))?;
    Ok(ErrorGroup {
        failure: Cause { fingerprint, title },
        count: row.get::<_, i64>(2)?.cast_unsigned(),
        first_at: moment(row.get(3)?).map_err(corrupt)?,
        last_at: moment(row.get(4)?).map_err(corrupt)?,
        last_job: uuid(row, 5).map_err(corrupt)?,
    })
}

/// Forgets groups whose latest error was before `before`, at most `limit`.
pub(super) fn prune(connection: &Connection, before: Timestamp, limit: usize) -> Result<usize, Failure> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM stats_errors WHERE fingerprint IN
             (SELECT fingerprint FROM stats_errors WHERE last_at < ?1 ORDER BY last_at LIMIT ?2)",
    )?;
    Ok(delete.execute(params![before.as_microsecond(), count(limit)])?)
}
