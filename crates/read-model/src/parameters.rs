//! The query parameters that more than one route has.

use contracts::{EventType, JobStatus};
use ports::{Cursor, LetterState};
use service::problem::Problem;
use service::query::{Query, invalid};
use uuid::Uuid;

/// The longest job type of the contract, in characters.
const LONGEST_TYPE: usize = 128;

/// `state`: the state of a job.
pub(crate) fn state(query: &Query) -> Result<Option<JobStatus>, Problem> {
    query.parsed(
        "state",
        format!("one of {}", JobStatus::ALL.map(JobStatus::as_str).join(", ")),
    )
}

/// The names of what may have become of a dead letter.
pub(crate) const LETTER_STATES: [(&str, LetterState); 3] = [
    ("open", LetterState::Open),
    ("replayed", LetterState::Replayed),
    ("discarded", LetterState::Discarded),
];

/// `state`: what has become of a dead letter.
pub(crate) fn letter_state(query: &Query) -> Result<Option<LetterState>, Problem> {
    let Some(text) = query.text("state") else {
        return Ok(None);
    };
    let named = LETTER_STATES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    let known = || LETTER_STATES.map(|(name, _)| name).join(", ");
    named
        .map(|(_, state)| Some(*state))
        .ok_or_else(|| invalid("state", &format!("must be one of {}", known())))
}

/// `type`: the type of an event.
pub(crate) fn event_type(query: &Query) -> Result<Option<EventType>, Problem> {
    query.parsed(
        "type",
        format!("one of {}", EventType::ALL.map(EventType::as_str).join(", ")),
    )
}

/// `type`: the type of a job.
pub(crate) fn job_type(query: &Query) -> Result<Option<String>, Problem> {
    query.text("type").map(a_job_type).transpose()
}

/// The type of a job, as one value of the parameter `type`.
pub(crate) fn a_job_type(text: &str) -> Result<String, Problem> {
    let fits = !text.is_empty() && text.len() <= LONGEST_TYPE && text.bytes().all(is_of_a_type);
    if !fits {
        return Err(invalid(
            "type",
            "must be a job type: up to 128 letters, digits, `_`, `.`, `:` and `-`",
        ));
    }
    Ok(text.to_owned())
}

fn is_of_a_type(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-')
}

/// `cursor`: where a page starts.
pub(crate) fn cursor(query: &Query) -> Result<Option<Cursor>, Problem> {
    query.parsed("cursor", "the nextCursor of an earlier answer")
}

/// `jobId`: which job.
pub(crate) fn job_id(query: &Query) -> Result<Option<Uuid>, Problem> {
    query.text("jobId").map(|text| uuid("jobId", text)).transpose()
}

/// A UUID in the one form of the contracts.
pub(crate) fn uuid(name: &str, text: &str) -> Result<Uuid, Problem> {
    let wrong = || {
        invalid(
            name,
            "must be a UUID, such as 0191d2a0-7c1e-7000-8000-000000000001",
        )
    };
    service::correlation::parse_uuid(text.as_bytes()).ok_or_else(wrong)
}
