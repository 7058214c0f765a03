//! From the bytes that a client sent to a complete job in canonical form.

mod canonical;
mod identity;
mod template;

use contracts::Violation;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value};
use service::problem::Problem;
use uuid::Uuid;

pub(crate) use identity::IdempotencyKey;
pub(crate) use template::{instance, template};

/// What clients of the published system read for every job that is not valid.
pub(crate) const INVALID_JOB: &str = "Invalid job data";

/// How many violations the detail of a problem names.
const NAMED: usize = 3;

/// A job that can be published.
pub(crate) struct Submission {
    pub(crate) job_id: Uuid,
    pub(crate) job_type: String,
    /// Whether the client named the job, so that this may be a job that it has submitted before.
    pub(crate) is_named: bool,
    /// The whole job, valid by `schemas/job.json`.
    pub(crate) body: Box<RawValue>,
}

/// Reads one job. What is missing is filled in: the id by `new_id`, the rest by `now` and the contract.
///
/// # Errors
/// Lists what is wrong.
pub(crate) fn read(
    bytes: &[u8],
    new_id: impl FnOnce() -> Uuid,
    now: Timestamp,
) -> Result<Submission, Vec<Violation>> {
    let mut job = valid(contracts::parse_strict(bytes).map_err(|error| whole(&error.to_string()))?)?;
    let is_named = job.contains_key("id");
    let job_id = canonical::complete(&mut job, new_id, now)?;
    finish(job_id, is_named, &job)
}

/// A document that is valid by `schemas/job-submission.json`.
fn valid(document: Value) -> Result<Map<String, Value>, Vec<Violation>> {
    contracts::validator().submission(&document)?;
    match document {
        Value::Object(job) => Ok(job),
        _ => Err(whole("must be an object")),
    }
}

fn finish(job_id: Uuid, is_named: bool, job: &Map<String, Value>) -> Result<Submission, Vec<Violation>> {
    let job_type = job.get("type").and_then(Value::as_str).unwrap_or_default();
    Ok(Submission {
        job_id,
        job_type: job_type.to_owned(),
        is_named,
        body: to_raw_value(job).map_err(|error| whole(&error.to_string()))?,
    })
}

fn whole(message: &str) -> Vec<Violation> {
    at("", message)
}

fn at(path: &str, message: &str) -> Vec<Violation> {
    vec![Violation {
        path: path.to_owned(),
        message: message.to_owned(),
    }]
}

/// 400 for a job that is not valid.
pub(crate) fn invalid(violations: Vec<Violation>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-job", INVALID_JOB)
        .detail(summary(&violations))
        .violations(violations)
}

/// The first violations in one line.
pub(crate) fn summary(violations: &[Violation]) -> String {
    let mut named: Vec<String> = violations.iter().take(NAMED).map(ToString::to_string).collect();
    if let Some(more @ 1..) = violations.len().checked_sub(NAMED) {
        named.push(format!("and {more} more"));
    }
    named.join("; ")
}

#[cfg(test)]
mod tests;
