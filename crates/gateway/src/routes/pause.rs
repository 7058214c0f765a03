//! `POST /pause`.

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

/// Start no more jobs at all
///
/// Those that run go on; those that wait are held until everything is resumed.
#[utoipa::path(
    post,
    path = "/pause",
    tag = "limits",
    responses(
        (status = 200, description = "All limits as they are now.", body = AllLimitsDocument, example = json!({"paused": true, "types": {}})),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn pause(State(shared): State<Arc<Shared>>, uri: Uri) -> Result<Json<AllLimits>, Problem> {
    Query::parse(&uri, &[])?;
    let changed = limits::pause_all(&shared, true).await;
    shared.metrics.counted("pause-all", changed).map(Json)
}
