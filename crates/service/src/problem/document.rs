//! The body of a problem, as it is written and as API documents describe it.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::Details;

#[derive(Serialize)]
pub(super) struct Body<'a> {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) title: &'a str,
    pub(super) status: u16,
    pub(super) detail: &'a str,
    pub(super) error: &'a str,
    pub(super) details: &'a Details,
    #[serde(flatten)]
    pub(super) extra: &'a Map<String, Value>,
}

pub(super) fn is_standard(name: &str) -> bool {
    matches!(name, "type" | "title" | "status" | "detail" | "error" | "details")
}

/// What went wrong (RFC 9457).
#[derive(Clone, Debug, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// Which kind of problem it is.
    #[schema(
        rename = "type",
        format = "uri",
        examples("https://odd-demonstration.local/problems/invalid-job")
    )]
    pub kind: String,
    /// The kind in words; the same for every occurrence.
    #[schema(examples("Invalid job data"))]
    pub title: String,
    /// The HTTP status.
    #[schema(examples(400))]
    pub status: u16,
    /// What went wrong this time.
    #[schema(examples("/timeoutSeconds: must be greater than 0"))]
    pub detail: String,
    /// The short text that clients of the published system read.
    #[schema(examples("Invalid job data"))]
    pub error: String,
    /// What is wrong in particular.
    pub details: DetailsDocument,
}

/// The parts of the request that are wrong, possibly none; or one text, from the proxies alone.
#[derive(Clone, Debug, ToSchema)]
#[serde(untagged)]
#[schema(as = Details)]
pub enum DetailsDocument {
    /// The parts of the request that are wrong.
    Violations(Vec<ViolationDocument>),
    /// Why the service behind the proxy has no answer.
    Text(String),
}

/// One thing that is wrong with a document.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = Violation)]
pub struct ViolationDocument {
    /// JSON pointer to the part that is wrong, or the name of the parameter; empty for the whole document.
    #[schema(examples("/timeoutSeconds"))]
    pub path: String,
    /// What is wrong with it.
    #[schema(examples("must be greater than 0"))]
    pub message: String,
}
