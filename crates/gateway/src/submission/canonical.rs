//! The one form in which a job is published, however its client wrote it.

use std::time::Duration;

use contracts::{JobStatus, Violation};
use domain::duration::Span;
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::at;

/// How far ahead a job may be put off.
const LATEST: Duration = Duration::from_hours(10 * 366 * 24);

/// Fills in what is missing and rewrites what has more than one notation: ids in lower case, times in UTC to
/// the microsecond (what the stores keep), a delay as the moment that it leads to. Returns the job's id.
pub(super) fn complete(
    job: &mut Map<String, Value>,
    new_id: impl FnOnce() -> Uuid,
    now: Timestamp,
) -> Result<Uuid, Vec<Violation>> {
    if job.contains_key("schedule") {
        return Err(at(
            "/schedule",
            "is set by schedules alone: leave it out, or make a schedule",
        ));
    }
    let id = match text(job, "id") {
        Some(text) => Uuid::try_parse(text).map_err(|_| at("/id", "must be a UUID"))?,
        None => new_id(),
    };
    let created_at = time(job, "createdAt")?.unwrap_or(now);
    if let Some(updated_at) = time(job, "updatedAt")? {
        set(job, "updatedAt", updated_at.to_string());
    }
    if let Some(run_at) = run_at(job, now)? {
        set(job, "runAt", run_at.to_string());
    }
    set(job, "id", id.to_string());
    set(job, "status", JobStatus::Pending.as_str().to_owned());
    set(job, "createdAt", created_at.to_string());
    Ok(id)
}

/// When the job may start, of which `runAt` is one notation and `delay` the other.
fn run_at(job: &mut Map<String, Value>, now: Timestamp) -> Result<Option<Timestamp>, Vec<Violation>> {
    let named = time(job, "runAt")?;
    let (name, moment) = match (job.remove("delay"), named) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => return Err(at("/delay", "must not be given together with runAt")),
        (None, Some(run_at)) => ("/runAt", Some(run_at)),
        (Some(delay), None) => ("/delay", after(now, &delay)?),
    };
    let latest = now.saturating_add(LATEST).unwrap_or(Timestamp::MAX);
    moment
        .filter(|moment| *moment <= latest)
        .map(Some)
        .ok_or_else(|| at(name, "must not be more than 10 years ahead"))
}

/// `None` for what no clock reaches.
fn after(now: Timestamp, delay: &Value) -> Result<Option<Timestamp>, Vec<Violation>> {
    let span: Span = delay
        .as_str()
        .unwrap_or_default()
        .parse()
        .map_err(|error| at("/delay", &format!("must be a span of time: {error}")))?;
    Ok(now.checked_add(span.get()).ok())
}

fn text<'job>(job: &'job Map<String, Value>, name: &str) -> Option<&'job str> {
    job.get(name).and_then(Value::as_str)
}

fn set(job: &mut Map<String, Value>, name: &str, value: String) {
    job.insert(name.to_owned(), Value::String(value));
}

fn time(job: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>, Vec<Violation>> {
    let Some(text) = text(job, name) else {
        return Ok(None);
    };
    let exact: Timestamp = text
        .parse()
        .map_err(|_| at(&format!("/{name}"), "must be a date-time"))?;
    Ok(Some(
        Timestamp::from_microsecond(exact.as_microsecond()).unwrap_or(exact),
    ))
}
