//! Which workers live, and what becomes of the attempts of those that do not.

use std::collections::HashSet;

use domain::JobEvent;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::facts::to_the_microsecond;
use super::outbox;
use super::row::Stored;
use super::table::Table;
use crate::error::Failure;

/// A worker lives until `lease_until`.
pub(super) fn heartbeat(
    connection: &Connection,
    worker: &str,
    lease_until: Timestamp,
) -> Result<(), Failure> {
    let sql = "INSERT OR REPLACE INTO leases (worker, lease_until) VALUES (?1, ?2)";
    let mut renew = connection.prepare_cached(sql)?;
    renew.execute(params![worker.as_bytes(), lease_until.as_microsecond()])?;
    Ok(())
}

/// A worker's lease ends.
pub(super) fn retire(connection: &Connection, worker: &str) -> Result<(), Failure> {
    let mut end = connection.prepare_cached("DELETE FROM leases WHERE worker = ?1")?;
    end.execute([worker.as_bytes()])?;
    Ok(())
}

/// Applies the death of their worker to attempts without a living one, at most `limit`. The worker may never
/// have had a lease.
pub(super) fn reap(table: &mut Table<'_>, now: Timestamp, limit: usize) -> Result<usize, Failure> {
    let living = living(table.connection(), now)?;
    let orphans = table
        .running()?
        .orphans(limit, |worker| living.contains(worker.as_bytes()));
    for seq in &orphans {
        let mut orphan = table.expect_seq(*seq, "jobs_running")?;
        let event = crash(&mut orphan, now);
        table.update(&mut orphan, event.at, None)?;
        table.keep(orphan);
        outbox::put(table.connection(), &event)?;
    }
    Ok(orphans.len())
}

fn crash(orphan: &mut Stored, now: Timestamp) -> JobEvent {
    let worker = orphan.row.worker.clone();
    let event_type = orphan.row.crash(now);
    orphan.row.wake_at = orphan.row.wake_at.map(to_the_microsecond);
    let name = worker.as_deref().unwrap_or("unknown");
    let event = JobEvent {
        error: Some(format!("worker {name} died")),
        run_at: orphan.row.wake_at,
        worker: worker.clone(),
        ..orphan.event(event_type, now)
    };
    orphan.append(&event, worker.as_deref());
    event
}

/// The workers whose lease has not ended.
fn living(connection: &Connection, now: Timestamp) -> Result<HashSet<Vec<u8>>, Failure> {
    let mut find = connection.prepare_cached("SELECT worker FROM leases WHERE lease_until >= ?1")?;
    let living = find.query_map([now.as_microsecond()], |row| row.get(0))?;
    Ok(living.collect::<rusqlite::Result<_>>()?)
}
