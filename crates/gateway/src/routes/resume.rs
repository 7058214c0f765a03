//! `POST /resume`.

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

/// Start jobs again
///
/// Types that are paused on their own stay so.
#[utoipa::path(
    post,
    path = "/resume",
    tag = "limits",
    responses(
        (status = 200, description = "All limits as they are now.", body = AllLimitsDocument, example = json!({"paused": false, "types": {}})),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn resume(State(shared): State<Arc<Shared>>, uri: Uri) -> Result<Json<AllLimits>, Problem> {
    Query::parse(&uri, &[])?;
    let changed = limits::pause_all(&shared, false).await;
    shared.metrics.counted("resume-all", changed).map(Json)
}
