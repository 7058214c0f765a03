//! `POST /limits/{type}/resume`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::limits::Limits;
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::views::LimitsDocument;

use crate::gateway::Shared;
use crate::limits;
use crate::parameters::{self, Segment};

/// Start jobs of a type again
///
/// Its other limits stay.
#[utoipa::path(
    post,
    path = "/limits/{type}/resume",
    tag = "limits",
    params(("type" = String, Path, description = "The job type.", max_length = 128)),
    responses(
        (status = 200, description = "The limits as they are now.", body = LimitsDocument, example = json!({"paused": false, "concurrency": 5, "rate": null})),
        (status = 400, description = "The type is none.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn resume_type(
    State(shared): State<Arc<Shared>>,
    job_type: Segment,
    uri: Uri,
) -> Result<Json<Limits>, Problem> {
    let job_type = parameters::job_type(job_type, &uri)?;
    let changed = limits::pause(&shared, job_type, false).await;
    shared.metrics.counted("resume-type", changed).map(Json)
}
