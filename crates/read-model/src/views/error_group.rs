//! Errors by their cause, as clients read them.

use domain::fingerprint::Fingerprint;
use jiff::Timestamp;
use ports::ErrorGroup;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// The errors of all jobs, by their cause.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ErrorGroups)]
pub(crate) struct ErrorGroupList {
    /// The groups, those with the latest error first.
    items: Vec<ErrorGroupView>,
}

impl From<Vec<ErrorGroup>> for ErrorGroupList {
    fn from(groups: Vec<ErrorGroup>) -> Self {
        Self {
            items: groups.into_iter().map(Into::into).collect(),
        }
    }
}

/// The errors of one cause.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ErrorGroup)]
#[serde(rename_all = "camelCase")]
struct ErrorGroupView {
    /// Tells the errors of one cause from those of others.
    #[schema(value_type = String, examples("cbf29ce484222325"))]
    fingerprint: Fingerprint,
    /// What they have in common.
    #[schema(examples("timed out after <n> ms"))]
    title: String,
    /// How many there were.
    count: u64,
    /// When the first one was.
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    /// When the latest one was.
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
    /// The job of the latest one.
    last_job: Uuid,
    /// Finds the jobs whose last error is of this cause, as `q` of `GET /jobs`.
    #[schema(examples("fingerprint:cbf29ce484222325"))]
    query: String,
}

impl From<ErrorGroup> for ErrorGroupView {
    fn from(group: ErrorGroup) -> Self {
        Self {
            query: format!("fingerprint:{}", group.failure.fingerprint),
            fingerprint: group.failure.fingerprint,
            title: group.failure.title,
            count: group.count,
            first_at: group.first_at,
            last_at: group.last_at,
            last_job: group.last_job,
        }
    }
}
