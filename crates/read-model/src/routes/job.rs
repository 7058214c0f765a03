//! `GET /jobs/{id}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::Uri;
use ports::JobDetail;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::parameters;
use crate::read_model::Shared;
use crate::views::JobView;
use service::ask::{Part, inconsistent};

/// Everything that is known of a job
#[utoipa::path(
    get,
    path = "/jobs/{id}",
    tag = "jobs",
    params(("id" = Uuid, Path, description = "The job.")),
    responses(
        (status = 200, description = "The job.", body = JobView, example = json!({
            "id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "COMPLETED",
            "createdAt": "2026-01-02T03:04:05Z", "updatedAt": "2026-01-02T03:04:05.002Z", "attempt": 1,
            "error": null, "durationMs": 0.042, "priority": "normal", "held": null, "nextRunAt": null,
            "attempts": [{
                "attempt": 1, "worker": "worker-1", "startedAt": "2026-01-02T03:04:05.001Z",
                "endedAt": "2026-01-02T03:04:05.002Z", "outcome": "COMPLETED", "error": null, "durationMs": 1.0,
                "log": [{"at": "2026-01-02T03:04:05.0015Z", "text": "echoing 17 bytes"}],
            }],
            "failures": 0, "crashes": 0, "round": 0, "cancelling": false, "result": {"hello": "world"},
            "correlationId": "0191d2a0-7c1e-7000-8000-00000000000c", "payload": {"hello": "world"},
            "metadata": null, "tags": ["demo"], "timeoutSeconds": null, "retry": null,
            "uniqueKey": null, "schedule": null, "runAt": null,
        })),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No job has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn job(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<JobView>, Problem> {
    Query::parse(&uri, &[])?;
    let detail = find(&shared, id).await?;
    JobView::try_from(detail)
        .map(Json)
        .map_err(|_| inconsistent(Part::JobStore))
}

/// The job that a path names.
///
/// # Errors
/// 400 for what is no id, 404 for one that no job has.
pub(super) async fn find(
    shared: &Shared,
    id: Result<Path<String>, PathRejection>,
) -> Result<JobDetail, Problem> {
    let text = id.map(|Path(text)| text).unwrap_or_default();
    let id = parameters::uuid("id", &text)?;
    let found = shared.questions.ask(Part::JobStore, shared.jobs.job(id)).await?;
    found.ok_or_else(|| Problem::not_found().detail(format!("no job has the id {id}")))
}
