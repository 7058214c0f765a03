//! `GET /stats`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::current::numbers;
use crate::read_model::Shared;
use crate::views::StatsView;

/// All numbers at one moment
///
/// They follow from the events and may be a moment behind the jobs. When the queues do not answer, `queues` is
/// empty, when the event log does not, `deadLetters` is null, and `degraded` says so.
#[utoipa::path(
    get,
    path = "/stats",
    tag = "stats",
    responses(
        (status = 200, description = "The numbers.", body = StatsView, example = json!({
            "totalJobs": 120, "completedJobs": 100, "failedJobs": 5, "lastEventTime": "2026-01-02T03:04:05.123456Z",
            "pendingJobs": 10, "executingJobs": 4, "retryingJobs": 1, "cancelledJobs": 0, "quarantinedJobs": 0,
            "retries": 7, "deadLetters": 2, "jobsPerSecond": 12.5,
            "byType": [{"type": "echo", "total": 120, "completed": 100, "failed": 5}],
            "queues": [{"name": "jobs.created", "ready": 10, "unacknowledged": 4}], "degraded": [],
        })),
        (status = 400, description = "A parameter is unknown.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The live stats are away: no zeros in their place.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn stats(State(shared): State<Arc<Shared>>, uri: Uri) -> Result<Json<StatsView>, Problem> {
    Query::parse(&uri, &[])?;
    numbers(&shared).await.map(Json)
}
