//! `GET /jobs/{id}/timeline`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use super::job::find;
use crate::read_model::Shared;
use crate::timeline::timeline;
use crate::views::TimelineView;

/// The life of a job, moment by moment
///
/// Its events and what its handlers wrote down, in the order of time.
#[utoipa::path(
    get,
    path = "/jobs/{id}/timeline",
    tag = "jobs",
    params(("id" = Uuid, Path, description = "The job.")),
    responses(
        (status = 200, description = "What happened, oldest first.", body = TimelineView, example = json!({
            "items": [
                {"at": "2026-01-02T03:04:05Z", "kind": "job.created", "attempt": 0, "worker": null, "text": null, "durationMs": null},
                {"at": "2026-01-02T03:04:05.001Z", "kind": "job.executed", "attempt": 1, "worker": "worker-1", "text": null, "durationMs": null},
                {"at": "2026-01-02T03:04:05.0015Z", "kind": "log", "attempt": 1, "worker": "worker-1", "text": "asking example.com", "durationMs": null},
                {"at": "2026-01-02T03:04:05.1Z", "kind": "job.failed", "attempt": 1, "worker": "worker-1", "text": "status 500", "durationMs": 98.5},
            ],
        })),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No job has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn job_timeline(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<TimelineView>, Problem> {
    Query::parse(&uri, &[])?;
    let detail = find(&shared, id).await?;
    Ok(Json(timeline(&detail.history, &detail.logs).into()))
}
