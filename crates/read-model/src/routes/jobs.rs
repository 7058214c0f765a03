//! `GET /jobs`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::api::JobStatusName;
use crate::parameters;
use crate::read_model::Shared;
use crate::search;
use crate::views::JobSummaryPage;
use service::ask::Part;

/// Jobs, newest first
///
/// `q` is a query such as `type:email state:failed,retrying error~"timed out" -tag:eu age>5m payload.user.id:42`: terms
/// stand side by side and all of them hold, `-` asks for the opposite, a comma between values means one of them. The
/// work for a page is bounded: where few jobs match, a page may be short, or even empty, and still have a `nextCursor`.
#[utoipa::path(
    get,
    path = "/jobs",
    tag = "jobs",
    params(
        ("q" = Option<String>, Query, description = "Only jobs that match this query.", max_length = 2000, example = "state:failed -tag:test"),
        ("state" = Option<JobStatusName>, Query, description = "Only jobs in this state."),
        ("type" = Option<String>, Query, description = "Only jobs of this type.", max_length = 128),
        ("limit" = Option<u32>, Query, description = "How many; 50 if absent.", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "The `nextCursor` of an earlier answer.", max_length = 128),
    ),
    responses(
        (status = 200, description = "A page of jobs.", body = JobSummaryPage, example = json!({
            "items": [{
                "id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "http", "status": "FAILED",
                "createdAt": "2026-01-02T03:04:05Z", "updatedAt": "2026-01-02T03:04:09.5Z", "attempt": 3,
                "error": "status 500", "durationMs": 12.5, "priority": "normal", "held": null, "nextRunAt": null,
            }],
            "nextCursor": "1042",
        })),
        (status = 400, description = "A parameter is unknown, malformed or out of range. For a query that does not read, the member `pointer` shows where.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn jobs(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<JobSummaryPage>, Problem> {
    let query = Query::parse(&uri, &["q", "state", "type", "limit", "cursor"])?;
    let wanted = search::query(&query)?;
    let cursor = parameters::cursor(&query)?;
    let limit = query.number("limit", 1..=500, 50)?;
    let now = shared.clock.now();
    let list = shared.jobs.list(&wanted, now, cursor.as_ref(), limit);
    let page = shared.questions.ask(Part::JobStore, list).await?;
    Ok(Json(page.into()))
}
