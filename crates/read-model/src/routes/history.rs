//! `GET /stats/history`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use jiff::Timestamp;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::read_model::Shared;
use crate::stats::{STEP, fill, first_minute};
use crate::views::HistoryView;
use service::ask::Part;

/// A day.
const MOST_MINUTES: usize = 1440;

/// What happened, minute by minute
#[utoipa::path(
    get,
    path = "/stats/history",
    tag = "stats",
    params(
        ("minutes" = Option<u32>, Query, description = "How many minutes back, the current one counted; 60 if absent.", minimum = 1, maximum = 1440),
    ),
    responses(
        (status = 200, description = "One entry per minute, oldest first; minutes without events are zero.", body = HistoryView, example = json!({
            "stepSeconds": 60, "items": [{"at": "2026-01-02T03:04:00Z", "created": 12, "completed": 11, "failed": 1}],
        })),
        (status = 400, description = "A parameter is unknown or out of range.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The live stats are away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn history(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<HistoryView>, Problem> {
    let minutes = Query::parse(&uri, &["minutes"])?.number("minutes", 1..=MOST_MINUTES, 60)?;
    let first = first_minute(shared.clock.now(), minutes);
    let since = Timestamp::from_second(first).unwrap_or(Timestamp::UNIX_EPOCH);
    let known = shared
        .questions
        .ask(Part::LiveStats, shared.stats.history(since))
        .await?;
    let items = fill(first, minutes, &known).into_iter().map(Into::into).collect();
    Ok(Json(HistoryView {
        step_seconds: STEP,
        items,
    }))
}
