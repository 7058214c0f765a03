//! The one form in which a job is published, however its client wrote it.

use contracts::{JobStatus, Violation};
use jiff::Timestamp;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Fills in what is missing and rewrites what has more than one notation: ids in lower case, times in UTC to
/// the microsecond (what the stores keep). Returns the job's id.
pub(super) fn complete(
    job: &mut Map<String, Value>,
    new_id: impl FnOnce() -> Uuid,
    now: Timestamp,
) -> Result<Uuid, Vec<Violation>> {
    let id = match text(job, "id") {
        Some(text) => Uuid::try_parse(text).map_err(|_| wrong("/id", "must be a UUID"))?,
        None => new_id(),
    };
    let created_at = time(job, "createdAt")?.unwrap_or(now);
    if let Some(updated_at) = time(job, "updatedAt")? {
        set(job, "updatedAt", updated_at.to_string());
    }
    set(job, "id", id.to_string());
    set(job, "status", JobStatus::Pending.as_str().to_owned());
    set(job, "createdAt", created_at.to_string());
    Ok(id)
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
        .map_err(|_| wrong(&format!("/{name}"), "must be a date-time"))?;
    Ok(Some(
        Timestamp::from_microsecond(exact.as_microsecond()).unwrap_or(exact),
    ))
}

fn wrong(path: &str, message: &str) -> Vec<Violation> {
    vec![Violation {
        path: path.to_owned(),
        message: message.to_owned(),
    }]
}
