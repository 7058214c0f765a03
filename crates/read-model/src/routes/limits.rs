//! `GET /limits`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use service::ask::Part;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::read_model::Shared;
use crate::views::AllLimitsView;

/// What holds jobs back: pauses, and limits per type
#[utoipa::path(
    get,
    path = "/limits",
    tag = "limits",
    responses(
        (status = 200, description = "Every limit that is set.", body = AllLimitsView, example = json!({
            "paused": false,
            "types": {"email": {"paused": false, "concurrency": 5, "rate": {"limit": 100, "per": "1s"}}},
        })),
        (status = 400, description = "A parameter is unknown.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn limits(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<AllLimitsView>, Problem> {
    Query::parse(&uri, &[])?;
    let limits = shared.questions.ask(Part::JobStore, shared.jobs.limits()).await?;
    Ok(Json(limits.into()))
}
