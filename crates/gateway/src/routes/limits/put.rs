//! `PUT /limits/{type}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use domain::limits::Limits;
use service::problem::{Problem, ProblemDocument};
use service::views::LimitsDocument;

use crate::gateway::Shared;
use crate::limits::{self, LimitsBody};
use crate::parameters::{self, Segment};

/// Replace the limits of a job type
///
/// What is absent is not limited. They hold for jobs that start from now on; those that were held back and may go
/// now do.
#[utoipa::path(
    put,
    path = "/limits/{type}",
    tag = "limits",
    params(("type" = String, Path, description = "The job type.", max_length = 128)),
    request_body(content = LimitsBody, examples(
        ("both" = (summary = "Five at once, a hundred each second", value = json!({"concurrency": 5, "rate": {"limit": 100, "per": "1s"}}))),
        ("none" = (summary = "No limits", value = json!({}))),
    )),
    responses(
        (status = 200, description = "The limits as they are now.", body = LimitsDocument, example = json!({"paused": false, "concurrency": 5, "rate": {"limit": 100, "per": "1s"}})),
        (status = 400, description = "The type or a limit is none.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Limits are kept for too many types (`too-many-limits`).", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 4 KiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_limits(
    State(shared): State<Arc<Shared>>,
    job_type: Segment,
    request: Request,
) -> Result<Json<Limits>, Problem> {
    let job_type = parameters::job_type(job_type, request.uri())?;
    let wanted = limits::read(&shared, request).await?;
    let changed = limits::set(&shared, job_type, wanted).await;
    shared.metrics.counted("set-limits", changed).map(Json)
}
