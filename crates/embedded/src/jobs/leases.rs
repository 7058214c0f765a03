//! Which workers live, and what becomes of the attempts of those that do not.

use domain::JobEvent;
use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::outbox;
use super::row::{Stored, stored};
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

/// Applies the death of their worker to attempts without a living one.
pub(super) fn reap(table: &mut Table<'_>, now: Timestamp, limit: i64) -> Result<usize, Failure> {
    let orphans = orphans(table.connection(), now, limit)?;
    let count = orphans.len();
    for mut orphan in orphans {
        let worker = orphan.row.worker.clone();
        let event_type = orphan.row.crash(now);
        let name = worker.as_deref().unwrap_or("unknown");
        let event = JobEvent {
            error: Some(format!("worker {name} died")),
            run_at: orphan.row.wake_at,
            worker: worker.clone(),
            ..orphan.facts.event(event_type, orphan.row.attempt, now)
        };
        orphan.append(&event, worker.as_deref());
        table.update(&orphan, event.at, None)?;
        table.keep(orphan);
        outbox::put(table.connection(), &event)?;
    }
    Ok(count)
}

/// Running attempts whose worker has no lease at `now`; it may never have had one.
fn orphans(connection: &Connection, now: Timestamp, limit: i64) -> Result<Vec<Stored>, Failure> {
    let mut find = connection.prepare_cached(
        "SELECT seq, id, job_type, created_at, correlation, status, attempt, failures, crashes, worker, claim,
                wake_at, relay, history
         FROM jobs
         WHERE status = 4
           AND NOT EXISTS (SELECT 1 FROM leases WHERE leases.worker = jobs.worker AND lease_until >= ?1)
         LIMIT ?2",
    )?;
    let mut rows = find.query(params![now.as_microsecond(), limit])?;
    let mut orphans = Vec::new();
    while let Some(row) = rows.next()? {
        orphans.push(stored(row)?);
    }
    Ok(orphans)
}
