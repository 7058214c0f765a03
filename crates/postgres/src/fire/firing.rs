//! What a schedule has to fire by now, as jobs.

use std::collections::BTreeMap;

use contracts::{Job, JobStatus};
use domain::schedule::{Cron, Schedule, due, firing_id};
use jiff::Timestamp;
use ports::{NewJob, SCHEDULE_GRACE};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

/// What a schedule has to fire by now.
#[derive(Debug)]
pub(super) struct Firings {
    /// The jobs, with the moments that they are for.
    pub(super) jobs: Vec<(Timestamp, NewJob)>,
    /// When it fires next.
    pub(super) next_at: Option<Timestamp>,
}

/// What a schedule has to fire by now, or why it cannot.
pub(super) fn firings(schedule: &Schedule, now: Timestamp) -> Result<Firings, String> {
    let rule: Cron = schedule.rule().map_err(|error| error.to_string())?;
    let due = due(&rule, schedule.anchor(), now, schedule.catch_up, SCHEDULE_GRACE);
    let firing = |at: Timestamp| Ok((at, new_job(schedule, at, now)?));
    let jobs: Result<Vec<_>, serde_json::Error> = due.fire.into_iter().map(firing).collect();
    Ok(Firings {
        jobs: jobs.map_err(|error| error.to_string())?,
        next_at: due.next,
    })
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
    members.insert("id".to_owned(), to_raw_value(&id)?);
    members.insert("status".to_owned(), to_raw_value(&JobStatus::Pending)?);
    members.insert("createdAt".to_owned(), to_raw_value(&at)?);
    members.insert("schedule".to_owned(), to_raw_value(&schedule.name)?);
    serde_json::to_string(&members)
}
