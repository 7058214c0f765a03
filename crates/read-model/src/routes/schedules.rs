//! `GET /schedules`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::schedule::Schedule;
use http::Uri;
use service::ask::Part;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::read_model::Shared;
use crate::views::ScheduleList;

/// Every schedule, by name
#[utoipa::path(
    get,
    path = "/schedules",
    tag = "schedules",
    responses(
        (status = 200, description = "The schedules with their next firings.", body = ScheduleList, example = json!({
            "items": [{
                "id": "0191d2a0-7c1e-7000-8000-00000000000e", "name": "nightly", "cron": "0 3 * * *",
                "timezone": "Europe/Berlin", "catchUp": "one", "paused": false,
                "job": {"type": "report", "payload": {"of": "yesterday"}},
                "createdAt": "2026-01-01T12:00:00Z", "updatedAt": "2026-01-01T12:00:00Z",
                "nextAt": "2026-01-03T02:00:00Z", "lastAt": "2026-01-02T02:00:00Z",
                "lastJob": "0191d2a0-7c1e-7000-8000-000000000001",
                "next": ["2026-01-03T02:00:00Z", "2026-01-04T02:00:00Z", "2026-01-05T02:00:00Z"],
            }],
        })),
        (status = 400, description = "A parameter is unknown.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn schedules(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<ScheduleList>, Problem> {
    Query::parse(&uri, &[])?;
    let schedules = all(&shared).await?;
    Ok(Json(ScheduleList::at(shared.clock.now(), schedules)))
}

/// Every schedule that is kept.
///
/// # Errors
/// 503 when the job store is away.
pub(super) async fn all(shared: &Shared) -> Result<Vec<Schedule>, Problem> {
    shared
        .questions
        .ask(Part::JobStore, shared.jobs.schedules())
        .await
}
