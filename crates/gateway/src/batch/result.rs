//! What became of a batch.

use axum::Json;
use axum::response::{IntoResponse, Response};
use contracts::Violation;
use http::StatusCode;
use serde::Serialize;
use service::problem::{Problem, ViolationDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::submission::INVALID_JOB;
use crate::unique;

/// How many rejected jobs get their violations listed; the rest of a hopeless batch is only counted.
const LISTED: usize = 1000;

/// What became of every job of a batch.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(crate) struct BatchResult {
    /// One entry per job, in the order of the batch.
    items: Vec<Item>,
    /// How many were accepted.
    accepted: usize,
    /// How many were not.
    rejected: usize,
}

/// What became of one job.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = BatchItem)]
enum Item {
    Accepted(AcceptedItem),
    Rejected(RejectedItem),
}

impl Item {
    fn index(&self) -> usize {
        match self {
            Self::Accepted(item) => item.index,
            Self::Rejected(item) => item.index,
        }
    }
}

/// A job that is on the bus.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AcceptedItem {
    /// Its place in the batch; 0 is the first.
    index: usize,
    /// Under which the job can be asked for.
    job_id: Uuid,
    /// The event that announced it.
    event_id: Uuid,
}

/// A job that is not.
#[derive(Clone, Debug, Serialize, ToSchema)]
struct RejectedItem {
    /// Its place in the batch; 0 is the first.
    index: usize,
    /// Why not.
    error: String,
    /// What is wrong with it, for the first 1,000 rejected jobs.
    #[schema(value_type = Vec<ViolationDocument>)]
    details: Vec<Violation>,
    /// The job that holds its unique key, where that is the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<Uuid>,
    /// True where the reason passes: something was away, and the same job may be submitted again as it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    retryable: bool,
}

impl RejectedItem {
    fn new(index: usize, error: &str) -> Self {
        Self {
            index,
            error: error.to_owned(),
            details: Vec::new(),
            holder: None,
            retryable: false,
        }
    }
}

/// Gathers the result while the batch is under way.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    result: BatchResult,
    refusal: Option<Problem>,
    unreserved: Option<Problem>,
    held: usize,
}

impl Outcome {
    pub(crate) fn with_capacity(jobs: usize) -> Self {
        let items = Vec::with_capacity(jobs);
        Self {
            result: BatchResult {
                items,
                ..BatchResult::default()
            },
            ..Self::default()
        }
    }

    /// Why the bus took no more, once it did.
    pub(crate) fn refusal(&self) -> Option<Problem> {
        self.refusal.clone()
    }

    /// Why no more unique keys are reserved, once the job store did not.
    pub(crate) fn unreserved(&self) -> Option<Problem> {
        self.unreserved.clone()
    }

    pub(crate) fn accepted(&mut self, index: usize, job_id: Uuid, event_id: Uuid) {
        self.result.accepted += 1;
        self.result.items.push(Item::Accepted(AcceptedItem {
            index,
            job_id,
            event_id,
        }));
    }

    pub(crate) fn invalid(&mut self, index: usize, violations: Vec<Violation>) {
        let details = if self.result.rejected < LISTED {
            violations
        } else {
            Vec::new()
        };
        self.reject(RejectedItem {
            details,
            ..RejectedItem::new(index, INVALID_JOB)
        });
    }

    /// The bus did not take the job.
    pub(crate) fn refused(&mut self, index: usize, problem: &Problem) {
        self.put_off(index, problem);
        self.refusal.get_or_insert_with(|| problem.clone());
    }

    /// The job store did not reserve the job's unique key.
    pub(crate) fn not_reserved(&mut self, index: usize, problem: &Problem) {
        self.put_off(index, problem);
        self.unreserved.get_or_insert_with(|| problem.clone());
    }

    /// Another job holds the job's unique key.
    pub(crate) fn held(&mut self, index: usize, holder: Uuid) {
        self.held += 1;
        self.reject(RejectedItem {
            holder: Some(holder),
            ..RejectedItem::new(index, &unique::held_by(holder))
        });
    }

    fn put_off(&mut self, index: usize, problem: &Problem) {
        self.reject(RejectedItem {
            retryable: true,
            ..RejectedItem::new(index, problem.detail_text())
        });
    }

    fn reject(&mut self, item: RejectedItem) {
        self.result.rejected += 1;
        self.result.items.push(Item::Rejected(item));
    }

    /// The problem of a batch of which nothing was accepted.
    fn problem(self) -> Problem {
        let (result, held) = (self.result, self.held);
        let of_the_client = || {
            if held > 0 {
                unique::conflict().detail("the unique keys of all valid jobs are held by other jobs")
            } else {
                Problem::new(StatusCode::BAD_REQUEST, "invalid-job", INVALID_JOB)
                    .detail("no job of the batch is valid")
            }
        };
        let problem = self.refusal.or(self.unreserved).unwrap_or_else(of_the_client);
        let items = serde_json::to_value(result.items).unwrap_or_default();
        problem
            .member("items", items)
            .member("accepted", result.accepted)
            .member("rejected", result.rejected)
    }
}

impl IntoResponse for Outcome {
    fn into_response(mut self) -> Response {
        self.result.items.sort_by_key(Item::index);
        if self.result.accepted > 0 {
            return (StatusCode::ACCEPTED, Json(self.result)).into_response();
        }
        self.problem().into_response()
    }
}
