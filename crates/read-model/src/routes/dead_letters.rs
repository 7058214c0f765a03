//! `GET /dead-letters`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::api::LetterStateName;
use crate::parameters;
use crate::read_model::Shared;
use crate::views::DeadLetterPage;
use service::ask::Part;

/// Messages that no service could accept, newest first
#[utoipa::path(
    get,
    path = "/dead-letters",
    tag = "events",
    params(
        ("state" = Option<LetterStateName>, Query, description = "Only letters of which this has become; all if absent."),
        ("limit" = Option<u32>, Query, description = "How many; 50 if absent.", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "The `nextCursor` of an earlier answer.", max_length = 128),
    ),
    responses(
        (status = 200, description = "A page of dead letters.", body = DeadLetterPage, example = json!({
            "items": [{
                "id": "0191d2a0-7c1e-7000-8000-00000000000d", "originalEvent": "{broken",
                "validationError": "not JSON: key must be a string at line 1 column 2",
                "rejectedAt": "2026-01-02T03:04:05Z", "service": "processor", "serviceVersion": "0.1.0",
                "correlationId": null, "state": "open",
            }],
            "nextCursor": null,
        })),
        (status = 400, description = "A parameter is unknown, malformed or out of range.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The event log is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn dead_letters(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<Json<DeadLetterPage>, Problem> {
    let query = Query::parse(&uri, &["state", "limit", "cursor"])?;
    let state = parameters::letter_state(&query)?;
    let cursor = parameters::cursor(&query)?;
    let limit = query.number("limit", 1..=500, 50)?;
    let list = shared.events.dead_letters(state, cursor.as_ref(), limit);
    let page = shared.questions.ask(Part::EventLog, list).await?;
    Ok(Json(page.into()))
}
