//! `PUT /schedules/{name}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use http::StatusCode;
use service::problem::{Problem, ProblemDocument};
use service::views::ScheduleView;

use crate::gateway::Shared;
use crate::parameters::{self, Segment};
use crate::schedules::{self, ScheduleBody};

/// Make a schedule, or replace the one of that name
///
/// What would have fired before the change is not made up for.
#[utoipa::path(
    put,
    path = "/schedules/{name}",
    tag = "schedules",
    params(("name" = String, Path, description = "The name of the schedule.", max_length = 128)),
    request_body(content = ScheduleBody, example = json!({"cron": "0 3 * * *", "timezone": "Europe/Berlin", "catchUp": "one", "job": {"type": "report", "priority": "low"}})),
    responses(
        (status = 200, description = "It is replaced.", body = ScheduleView, example = json!({
            "id": "0191d2a0-7c1e-7000-8000-00000000005c", "name": "nightly", "cron": "0 3 * * *", "timezone": "Europe/Berlin",
            "catchUp": "one", "paused": false, "job": {"type": "report"}, "createdAt": "2026-01-02T03:04:05Z",
            "updatedAt": "2026-01-02T03:04:05Z", "nextAt": "2026-01-03T02:00:00Z", "lastAt": null, "lastJob": null,
            "next": ["2026-01-03T02:00:00Z", "2026-01-04T02:00:00Z", "2026-01-05T02:00:00Z", "2026-01-06T02:00:00Z", "2026-01-07T02:00:00Z"],
        })),
        (status = 201, description = "It is made.", body = ScheduleView),
        (status = 400, description = "The name is none, or a member is unknown, missing or wrong.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "No more are kept (`too-many-schedules`).", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 64 KiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn put_schedule(
    State(shared): State<Arc<Shared>>,
    name: Segment,
    request: Request,
) -> Result<(StatusCode, Json<ScheduleView>), Problem> {
    let name = parameters::schedule(name, request.uri())?;
    let draft = schedules::read(&shared, request).await?;
    let kept = schedules::replace(&shared, name, draft).await;
    let (kept, is_new) = shared.metrics.counted("replace-schedule", kept)?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(kept)))
}
