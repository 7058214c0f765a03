//! `GET /schedules/{name}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use domain::schedule::{InvalidName, ScheduleName};
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::{Query, invalid};

use super::schedules::all;
use crate::read_model::Shared;
use crate::views::ScheduleView;

/// One schedule
#[utoipa::path(
    get,
    path = "/schedules/{name}",
    tag = "schedules",
    params(("name" = String, Path, description = "What the schedule is called.", max_length = 128)),
    responses(
        (status = 200, description = "The schedule with its next firings.", body = ScheduleView, example = json!({
            "id": "0191d2a0-7c1e-7000-8000-00000000000e", "name": "nightly", "cron": "0 3 * * *",
            "timezone": "UTC", "catchUp": "one", "paused": true, "job": {"type": "report"},
            "createdAt": "2026-01-01T12:00:00Z", "updatedAt": "2026-01-02T12:00:00Z",
            "nextAt": null, "lastAt": null, "lastJob": null, "next": [],
        })),
        (status = 400, description = "No schedule can have this name.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No schedule has this name.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn schedule(
    State(shared): State<Arc<Shared>>,
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<ScheduleView>, Problem> {
    Query::parse(&uri, &[])?;
    let text = name.map(|Path(text)| text).unwrap_or_default();
    let name: ScheduleName = text
        .parse()
        .map_err(|error: InvalidName| invalid("name", &format!("is no name: {error}")))?;
    let found = all(&shared)
        .await?
        .into_iter()
        .find(|schedule| schedule.name == name);
    let schedule =
        found.ok_or_else(|| Problem::not_found().detail(format!("no schedule has the name {name}")))?;
    Ok(Json(ScheduleView::at(shared.clock.now(), schedule)))
}
