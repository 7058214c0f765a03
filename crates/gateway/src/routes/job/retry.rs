//! `POST /jobs/{id}/retry`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::{StatusCode, Uri};
use ports::Command;
use service::problem::{Problem, ProblemDocument};

use crate::commands::{self, Answer};
use crate::gateway::Shared;
use crate::parameters::{self, Segment};

/// Begin a job anew that ended without a result
///
/// Its failures count from zero again; its attempts and history go on.
#[utoipa::path(
    post,
    path = "/jobs/{id}/retry",
    tag = "jobs",
    params(("id" = Uuid, Path, description = "The job.")),
    responses(
        (status = 202, description = "Its next attempt is due.", body = Answer, example = json!({"jobId": "0191d2a0-7c1e-7000-8000-000000000001", "status": "RETRYING"})),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No job has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "It has not ended, or has its result; the problem has its `jobStatus`.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn retry(
    State(shared): State<Arc<Shared>>,
    id: Segment,
    uri: Uri,
) -> Result<(StatusCode, Json<Answer>), Problem> {
    let id = parameters::id(id, &uri)?;
    let answer = commands::one(&shared, id, Command::Retry).await?;
    Ok((StatusCode::ACCEPTED, Json(answer)))
}
