//! `GET /jobs/recent`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::query::Query as JobQuery;
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::read_model::Shared;
use crate::views::JobSummaryView;
use service::ask::Part;

/// The newest jobs
#[utoipa::path(
    get,
    path = "/jobs/recent",
    tag = "jobs",
    params(("limit" = Option<u32>, Query, description = "How many; 10 if absent.", minimum = 1, maximum = 100)),
    responses(
        (status = 200, description = "The jobs, newest first.", body = Vec<JobSummaryView>, example = json!([{
            "id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "COMPLETED",
            "createdAt": "2026-01-02T03:04:05Z", "updatedAt": "2026-01-02T03:04:05.002Z", "attempt": 1,
            "error": null, "durationMs": 0.042, "priority": "normal", "held": null, "nextRunAt": null,
        }])),
        (status = 400, description = "A parameter is unknown or out of range.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn recent(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<Vec<JobSummaryView>>, Problem> {
    let limit = Query::parse(&uri, &["limit"])?.number("limit", 1..=100, 10)?;
    let everything = JobQuery::default();
    let list = shared.jobs.list(&everything, shared.clock.now(), None, limit);
    let page = shared.questions.ask(Part::JobStore, list).await?;
    Ok(Json(page.items.into_iter().map(Into::into).collect()))
}
