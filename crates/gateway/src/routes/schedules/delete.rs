//! `DELETE /schedules/{name}`.

use std::sync::Arc;

use axum::extract::State;
use http::{StatusCode, Uri};
use service::problem::{Problem, ProblemDocument};

use crate::gateway::Shared;
use crate::parameters::{self, Segment};
use crate::schedules;

/// Forget a schedule
///
/// Jobs that it has made stay.
#[utoipa::path(
    delete,
    path = "/schedules/{name}",
    tag = "schedules",
    params(("name" = String, Path, description = "The name of the schedule.", max_length = 128)),
    responses(
        (status = 204, description = "It is gone."),
        (status = 400, description = "The name is none.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No schedule has this name.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn delete_schedule(
    State(shared): State<Arc<Shared>>,
    name: Segment,
    uri: Uri,
) -> Result<StatusCode, Problem> {
    let name = parameters::schedule(name, &uri)?;
    let gone = schedules::delete(&shared, &name).await;
    shared.metrics.counted("delete-schedule", gone)?;
    Ok(StatusCode::NO_CONTENT)
}
