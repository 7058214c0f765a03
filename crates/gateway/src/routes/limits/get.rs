//! `GET /limits/{type}`.

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

/// The limits of a job type
///
/// A type without any is answered as one: nothing is limited.
#[utoipa::path(
    get,
    path = "/limits/{type}",
    tag = "limits",
    params(("type" = String, Path, description = "The job type.", max_length = 128)),
    responses(
        (status = 200, description = "The limits.", body = LimitsDocument, example = json!({"paused": false, "concurrency": 5, "rate": {"limit": 100, "per": "1s"}})),
        (status = 400, description = "The type is none.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn get_limits(
    State(shared): State<Arc<Shared>>,
    job_type: Segment,
    uri: Uri,
) -> Result<Json<Limits>, Problem> {
    let job_type = parameters::job_type(job_type, &uri)?;
    limits::of(&shared, &job_type).await.map(Json)
}
