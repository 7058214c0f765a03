//! `GET /limits`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use ports::AllLimits;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;
use service::views::AllLimitsDocument;

use crate::gateway::Shared;
use crate::limits;

/// Every limit that is set
#[utoipa::path(
    get,
    path = "/limits",
    tag = "limits",
    responses(
        (status = 200, description = "The limits.", body = AllLimitsDocument, example = json!({
            "paused": false, "types": {"email": {"paused": false, "concurrency": 5, "rate": {"limit": 100, "per": "1s"}}},
        })),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn all_limits(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<AllLimits>, Problem> {
    Query::parse(&uri, &[])?;
    limits::all(&shared).await.map(Json)
}
