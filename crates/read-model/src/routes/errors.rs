//! `GET /errors`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use ports::MAX_ERROR_GROUPS;
use service::ask::Part;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::read_model::Shared;
use crate::views::ErrorGroupList;

/// The errors of all jobs, by their cause
///
/// Errors that differ only in numbers, identifiers and the like are of one cause. An error is counted with the event
/// that tells of it, so that a job that was retried counts several times.
#[utoipa::path(
    get,
    path = "/errors",
    tag = "stats",
    params(("limit" = Option<u32>, Query, description = "How many; 50 if absent.", minimum = 1, maximum = 1000)),
    responses(
        (status = 200, description = "The causes, those with the latest error first.", body = ErrorGroupList, example = json!({
            "items": [{
                "fingerprint": "cbf29ce484222325", "title": "timed out after <n> ms", "count": 12,
                "firstAt": "2026-01-02T03:04:05Z", "lastAt": "2026-01-02T04:00:00Z",
                "lastJob": "0191d2a0-7c1e-7000-8000-000000000001", "query": "fingerprint:cbf29ce484222325",
            }],
        })),
        (status = 400, description = "A parameter is unknown or out of range.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The live stats are away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn errors(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<ErrorGroupList>, Problem> {
    let limit = Query::parse(&uri, &["limit"])?.number("limit", 1..=MAX_ERROR_GROUPS, 50)?;
    let groups = shared
        .questions
        .ask(Part::LiveStats, shared.stats.errors(limit))
        .await?;
    Ok(Json(groups.into()))
}
