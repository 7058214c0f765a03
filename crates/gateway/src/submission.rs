//! From the bytes that a client sent to a complete job in canonical form.

mod canonical;
mod identity;

use contracts::Violation;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use service::problem::Problem;
use uuid::Uuid;

pub(crate) use identity::IdempotencyKey;

/// What clients of the published system read for every job that is not valid.
pub(crate) const INVALID_JOB: &str = "Invalid job data";

/// How many violations the detail of a problem names.
const NAMED: usize = 3;

/// A job that can be published.
pub(crate) struct Submission {
    pub(crate) job_id: Uuid,
    pub(crate) job_type: String,
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
    let mut document = contracts::parse_strict(bytes).map_err(|error| whole(error.to_string()))?;
    contracts::validator().submission(&document)?;
    let Value::Object(job) = &mut document else {
        return Err(whole("must be an object"));
    };
    let job_id = canonical::complete(job, new_id, now)?;
    let job_type = job
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let body = to_raw_value(&document).map_err(|error| whole(error.to_string()))?;
    Ok(Submission {
        job_id,
        job_type,
        body,
    })
}

fn whole(message: impl Into<String>) -> Vec<Violation> {
    vec![Violation {
        path: String::new(),
        message: message.into(),
    }]
}

/// 400 for a job that is not valid.
pub(crate) fn invalid(violations: Vec<Violation>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-job", INVALID_JOB)
        .detail(summary(&violations))
        .violations(violations)
}

fn summary(violations: &[Violation]) -> String {
    let mut named: Vec<String> = violations.iter().take(NAMED).map(ToString::to_string).collect();
    if let Some(more @ 1..) = violations.len().checked_sub(NAMED) {
        named.push(format!("and {more} more"));
    }
    named.join("; ")
}

#[cfg(test)]
mod tests;
