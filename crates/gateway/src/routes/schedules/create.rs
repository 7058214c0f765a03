//! `POST /schedules`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::LOCATION;
use service::problem::{Problem, ProblemDocument};
use service::views::ScheduleView;

use crate::gateway::Shared;
use crate::schedules::{self, NewSchedule};

/// Make a schedule
///
/// A cron expression has five fields, or six with the second first, or is one of `@hourly`, `@daily`, `@weekly`,
/// `@monthly` and `@yearly`, and is read in a time zone. Firings that were missed because nothing was there to fire
/// them are made up for as `catchUp` says. The job is what a client would submit, without id and times.
#[utoipa::path(
    post,
    path = "/schedules",
    tag = "schedules",
    request_body(content = NewSchedule, example = json!({"name": "nightly", "cron": "0 3 * * *", "timezone": "Europe/Berlin", "catchUp": "one", "job": {"type": "report", "priority": "low"}})),
    responses(
        (status = 201, description = "It is made, and fires at `next`.", body = ScheduleView, headers(("Location" = String, description = "Its path.")), example = json!({
            "id": "0191d2a0-7c1e-7000-8000-00000000005c", "name": "nightly", "cron": "0 3 * * *", "timezone": "Europe/Berlin",
            "catchUp": "one", "paused": false, "job": {"type": "report"}, "createdAt": "2026-01-02T03:04:05Z",
            "updatedAt": "2026-01-02T03:04:05Z", "nextAt": "2026-01-03T02:00:00Z", "lastAt": null, "lastJob": null,
            "next": ["2026-01-03T02:00:00Z", "2026-01-04T02:00:00Z", "2026-01-05T02:00:00Z", "2026-01-06T02:00:00Z", "2026-01-07T02:00:00Z"],
        })),
        (status = 400, description = "A member is unknown, missing or wrong.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "The name is taken (`schedule-exists`), or no more are kept (`too-many-schedules`).", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 64 KiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn create_schedule(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Response, Problem> {
    let draft = schedules::read(&shared, request).await?;
    let made = schedules::create(&shared, draft).await;
    let made = shared.metrics.counted("create-schedule", made)?;
    let location = [(LOCATION, format!("/schedules/{}", made.name))];
    Ok((StatusCode::CREATED, location, Json(made)).into_response())
}
