//! `POST /schedules:preview`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use service::problem::{Problem, ProblemDocument};

use crate::gateway::Shared;
use crate::schedules::{self, Preview, RuleBody};

/// When a rule would fire
#[utoipa::path(
    post,
    path = "/schedules:preview",
    tag = "schedules",
    request_body(content = RuleBody, example = json!({"cron": "30 2 * * 1-5", "timezone": "Europe/Berlin", "count": 2})),
    responses(
        (status = 200, description = "The next firings.", body = Preview, example = json!({"next": ["2026-01-05T01:30:00Z", "2026-01-06T01:30:00Z"]})),
        (status = 400, description = "The rule does not read; `details` say where.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 4 KiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn preview_schedule(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Json<Preview>, Problem> {
    schedules::preview(&shared, request).await.map(Json)
}
