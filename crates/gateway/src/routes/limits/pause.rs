//! `POST /limits/{type}/pause`.

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

/// Start no more jobs of a type
///
/// Those that run go on; those that wait are held until the type is resumed. Its other limits stay.
#[utoipa::path(
    post,
    path = "/limits/{type}/pause",
    tag = "limits",
    params(("type" = String, Path, description = "The job type.", max_length = 128)),
    responses(
        (status = 200, description = "The limits as they are now.", body = LimitsDocument, example = json!({"paused": true, "concurrency": 5, "rate": null})),
        (status = 400, description = "The type is none.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Limits are kept for too many types (`too-many-limits`).", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn pause_type(
    State(shared): State<Arc<Shared>>,
    job_type: Segment,
    uri: Uri,
) -> Result<Json<Limits>, Problem> {
    let job_type = parameters::job_type(job_type, &uri)?;
    let changed = limits::pause(&shared, job_type, true).await;
    shared.metrics.counted("pause-type", changed).map(Json)
}
