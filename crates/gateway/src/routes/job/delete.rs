//! `DELETE /jobs/{id}`.

use std::sync::Arc;

use axum::extract::State;
use http::{StatusCode, Uri};
use ports::Command;
use service::problem::{Problem, ProblemDocument};

use crate::commands;
use crate::gateway::Shared;
use crate::parameters::{self, Segment};

/// Forget a job that has ended
///
/// Its events and the counters stay.
#[utoipa::path(
    delete,
    path = "/jobs/{id}",
    tag = "jobs",
    params(("id" = Uuid, Path, description = "The job.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No job has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "It has not ended; the problem has its `jobStatus`.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn delete(
    State(shared): State<Arc<Shared>>,
    id: Segment,
    uri: Uri,
) -> Result<StatusCode, Problem> {
    let id = parameters::id(id, &uri)?;
    commands::one(&shared, id, Command::Delete).await?;
    Ok(StatusCode::NO_CONTENT)
}
