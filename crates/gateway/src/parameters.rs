//! What the path of a request names.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use domain::schedule::{InvalidName, ScheduleName};
use http::Uri;
use service::problem::Problem;
use service::query::{Query, invalid};
use uuid::Uuid;

/// The one segment of a path that a route leaves open.
pub(crate) type Segment = Result<Path<String>, PathRejection>;

/// The longest job type of the contract, in characters.
const LONGEST_TYPE: usize = 128;

/// The identifier of a job or dead letter, of a route that has no query parameters.
pub(crate) fn id(segment: Segment, uri: &Uri) -> Result<Uuid, Problem> {
    let text = only(segment, uri)?;
    service::correlation::parse_uuid(text.as_bytes()).ok_or_else(|| {
        let message = "must be a UUID, such as 0191d2a0-7c1e-7000-8000-000000000001";
        invalid("id", message)
    })
}

/// A job type, of a route that has no query parameters.
pub(crate) fn job_type(segment: Segment, uri: &Uri) -> Result<String, Problem> {
    let text = only(segment, uri)?;
    let begins = text.starts_with(|c: char| c.is_ascii_alphanumeric());
    if begins && text.len() <= LONGEST_TYPE && text.bytes().all(is_of_a_type) {
        return Ok(text);
    }
    let message =
        "must be a job type: up to 128 letters, digits, `_`, `.`, `:` and `-`, a letter or digit first";
    Err(invalid("type", message))
}

fn is_of_a_type(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b':' | b'-')
}

/// The name of a schedule, of a route that has no query parameters.
pub(crate) fn schedule(segment: Segment, uri: &Uri) -> Result<ScheduleName, Problem> {
    let text = only(segment, uri)?;
    let wrong = |error: InvalidName| invalid("name", &format!("does not read: {error}"));
    text.parse().map_err(wrong)
}

fn only(segment: Segment, uri: &Uri) -> Result<String, Problem> {
    Query::parse(uri, &[])?;
    Ok(segment.map(|Path(text)| text).unwrap_or_default())
}
