//! `GET /dead-letters/{id}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::Uri;
use service::ask::Part;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::parameters;
use crate::read_model::Shared;
use crate::views::DeadLetterView;

/// One message that no service could accept
#[utoipa::path(
    get,
    path = "/dead-letters/{id}",
    tag = "events",
    params(("id" = Uuid, Path, description = "The dead letter.")),
    responses(
        (status = 200, description = "The dead letter.", body = DeadLetterView, example = json!({
            "id": "0191d2a0-7c1e-7000-8000-00000000000d", "originalEvent": {"eventType": "job.created"},
            "validationError": "`payload` is missing", "rejectedAt": "2026-01-02T03:04:05Z", "service": "processor",
            "serviceVersion": "0.1.0", "correlationId": null, "state": "open",
        })),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No dead letter has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The event log is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn dead_letter(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<DeadLetterView>, Problem> {
    Query::parse(&uri, &[])?;
    let text = id.map(|Path(text)| text).unwrap_or_default();
    let id = parameters::uuid("id", &text)?;
    let found = shared
        .questions
        .ask(Part::EventLog, shared.events.dead_letter(id))
        .await?;
    let letter =
        found.ok_or_else(|| Problem::not_found().detail(format!("no dead letter has the id {id}")))?;
    Ok(Json(letter.into()))
}
