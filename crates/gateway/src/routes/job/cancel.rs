//! `POST /jobs/{id}/cancel`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use ports::Command;
use service::problem::{Problem, ProblemDocument};

use crate::commands::{self, Answer};
use crate::gateway::Shared;
use crate::parameters::{self, Segment};

/// Withdraw a job
///
/// At once where it waits; where it runs, its worker is asked to end the attempt, and the job may still come to its
/// result. A job that was accepted a moment ago is waited for.
#[utoipa::path(
    post,
    path = "/jobs/{id}/cancel",
    tag = "jobs",
    params(("id" = Uuid, Path, description = "The job.")),
    responses(
        (status = 200, description = "It will not run.", body = Answer, example = json!({"jobId": "0191d2a0-7c1e-7000-8000-000000000001", "status": "CANCELLED"})),
        (status = 202, description = "It runs; its worker is asked to end it.", body = Answer, example = json!({"jobId": "0191d2a0-7c1e-7000-8000-000000000001", "status": "EXECUTING", "cancelling": true})),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No job has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "It has ended; the problem has its `jobStatus`.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn cancel(
    State(shared): State<Arc<Shared>>,
    id: Segment,
    uri: Uri,
) -> Result<Response, Problem> {
    let id = parameters::id(id, &uri)?;
    let answer = commands::one(&shared, id, Command::Cancel).await?;
    let status = if answer.cancelling {
        StatusCode::ACCEPTED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(answer)).into_response())
}
