//! `POST /schedules/{name}/resume`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::views::ScheduleView;

use crate::gateway::Shared;
use crate::parameters::{self, Segment};
use crate::schedules;

/// Let a schedule fire again
///
/// From now on: what it would have fired during the pause is not made up for.
#[utoipa::path(
    post,
    path = "/schedules/{name}/resume",
    tag = "schedules",
    params(("name" = String, Path, description = "The name of the schedule.", max_length = 128)),
    responses(
        (status = 200, description = "The schedule as it is now.", body = ScheduleView, example = json!({
            "id": "0191d2a0-7c1e-7000-8000-00000000005c", "name": "nightly", "cron": "0 3 * * *", "timezone": "Europe/Berlin",
            "catchUp": "one", "paused": false, "job": {"type": "report"}, "createdAt": "2026-01-02T03:04:05Z",
            "updatedAt": "2026-01-02T03:04:05Z", "nextAt": "2026-01-03T02:00:00Z", "lastAt": null, "lastJob": null,
            "next": ["2026-01-03T02:00:00Z", "2026-01-04T02:00:00Z", "2026-01-05T02:00:00Z", "2026-01-06T02:00:00Z", "2026-01-07T02:00:00Z"],
        })),
        (status = 400, description = "The name is none.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No schedule has this name.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Its rule does not read any more; replace it.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn resume_schedule(
    State(shared): State<Arc<Shared>>,
    name: Segment,
    uri: Uri,
) -> Result<Json<ScheduleView>, Problem> {
    let name = parameters::schedule(name, &uri)?;
    let changed = schedules::pause(&shared, &name, false).await;
    shared.metrics.counted("resume-schedule", changed).map(Json)
}
