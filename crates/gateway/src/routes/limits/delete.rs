//! `DELETE /limits/{type}`.

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

/// Take the limits of a job type away
///
/// A pause of the type ends with them.
#[utoipa::path(
    delete,
    path = "/limits/{type}",
    tag = "limits",
    params(("type" = String, Path, description = "The job type.", max_length = 128)),
    responses(
        (status = 200, description = "Nothing is limited.", body = LimitsDocument, example = json!({"paused": false, "concurrency": null, "rate": null})),
        (status = 400, description = "The type is none.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn delete_limits(
    State(shared): State<Arc<Shared>>,
    job_type: Segment,
    uri: Uri,
) -> Result<Json<Limits>, Problem> {
    let job_type = parameters::job_type(job_type, &uri)?;
    let changed = limits::set(&shared, job_type, Limits::default()).await;
    shared.metrics.counted("delete-limits", changed).map(Json)
}
