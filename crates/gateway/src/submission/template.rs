//! Jobs that a schedule makes: a submission without what belongs to one job alone.

use contracts::Violation;
use jiff::Timestamp;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{Submission, canonical, finish, valid, whole};

/// The members that each job of a schedule has of its own.
const OF_ONE_JOB: [&str; 6] = ["id", "status", "createdAt", "delay", "runAt", "schedule"];

/// Checks the job of a schedule.
///
/// # Errors
/// Lists what is wrong.
pub(crate) fn template(document: Value) -> Result<Box<RawValue>, Vec<Violation>> {
    let job = valid(document)?;
    let foreign: Vec<Violation> = OF_ONE_JOB
        .iter()
        .filter(|name| job.contains_key(**name))
        .map(|name| Violation {
            path: format!("/{name}"),
            message: "must be absent: every firing has its own".to_owned(),
        })
        .collect();
    if foreign.is_empty() {
        to_raw_value(&job).map_err(|error| whole(&error.to_string()))
    } else {
        Err(foreign)
    }
}

/// The job that a schedule makes when somebody asks for it.
///
/// # Errors
/// Lists what is wrong with a template that an older version has taken.
pub(crate) fn instance(
    template: &RawValue,
    schedule: &str,
    job_id: Uuid,
    now: Timestamp,
) -> Result<Submission, Vec<Violation>> {
    let document = serde_json::from_str(template.get()).map_err(|error| whole(&error.to_string()))?;
    let mut job: Map<String, Value> = valid(document)?;
    canonical::complete(&mut job, || job_id, now)?;
    job.insert("schedule".to_owned(), Value::String(schedule.to_owned()));
    finish(job_id, false, &job)
}
