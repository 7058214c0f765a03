//! Schedules make jobs.

use std::collections::BTreeMap;

use contracts::{Job, JobStatus};
use domain::schedule::{Cron, Schedule, due, firing_id};
use jiff::Timestamp;
use ports::{NewJob, SCHEDULE_GRACE};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use super::table::Table;
use super::{admit, outbox, schedules};
use crate::error::Failure;

/// Makes the jobs of the schedules that are due at `now`, `limit` schedules at most. Returns how many there were.
pub(super) fn fire(
    table: &mut Table<'_>,
    now: Timestamp,
    wake_at: Timestamp,
    limit: usize,
) -> Result<usize, Failure> {
    let mut made = 0;
    for mut schedule in schedules::due(table.connection(), now, limit)? {
        match firings(&schedule, now) {
            Ok((jobs, next_at)) => {
                made += store(table, &jobs, wake_at)?;
                schedule.next_at = next_at;
                if let Some((at, job)) = jobs.last() {
                    schedule.last_at = Some(*at);
                    schedule.last_job = Some(job.id);
                }
            }
            Err(reason) => {
                tracing::warn!(schedule = %schedule.name, reason, "schedule paused: it cannot fire");
                schedule.paused = true;
                schedule.next_at = None;
            }
        }
        schedules::write(table.connection(), &schedule)?;
    }
    Ok(made)
}

type Firings = (Vec<(Timestamp, NewJob)>, Option<Timestamp>);

/// The jobs that a schedule has to make by now, with their moments, and when it fires next; or why it cannot.
fn firings(schedule: &Schedule, now: Timestamp) -> Result<Firings, String> {
    let rule: Cron = schedule.rule().map_err(|error| error.to_string())?;
    let due = due(&rule, schedule.anchor(), now, schedule.catch_up, SCHEDULE_GRACE);
    let firing = |at: Timestamp| Ok((at, new_job(schedule, at, now)?));
    let jobs: Result<Vec<_>, serde_json::Error> = due.fire.into_iter().map(firing).collect();
    Ok((jobs.map_err(|error| error.to_string())?, due.next))
}

/// Stores the jobs of a schedule and announces them; one that is there already was made before.
fn store(table: &mut Table<'_>, jobs: &[(Timestamp, NewJob)], wake_at: Timestamp) -> Result<usize, Failure> {
    let mut made = 0;
    for (_, job) in jobs {
        if admit::store(table, job, wake_at)? {
            outbox::announce(table.connection(), job)?;
            made += 1;
        }
    }
    Ok(made)
}

/// The job of the firing at a moment, accepted now.
fn new_job(schedule: &Schedule, at: Timestamp, now: Timestamp) -> Result<NewJob, serde_json::Error> {
    let id = firing_id(schedule.id, at);
    let body = body(schedule, id, at)?;
    let job: Job = serde_json::from_str(&body)?;
    Ok(NewJob::from_job(&job, now, id, body.into()))
}

/// The template with what makes it a job. Whatever else is in it stays as it was written.
fn body(schedule: &Schedule, id: Uuid, at: Timestamp) -> Result<String, serde_json::Error> {
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(schedule.job.get())?;
    let mut set = |name: &str, value: Box<RawValue>| members.insert(name.to_owned(), value);
    set("id", raw(&id)?);
    set("status", raw(&JobStatus::Pending)?);
    set("createdAt", raw(&at)?);
    set("schedule", raw(&schedule.name)?);
    serde_json::to_string(&members)
}

fn raw(value: &impl Serialize) -> Result<Box<RawValue>, serde_json::Error> {
    to_raw_value(value)
}
