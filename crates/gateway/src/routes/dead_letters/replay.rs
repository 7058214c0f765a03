//! `POST /dead-letters/{id}/replay`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use http::StatusCode;
use service::correlation::RequestContext;
use service::problem::{Problem, ProblemDocument};

use crate::gateway::Shared;
use crate::letters::{self, Edit, LetterCommand, Replayed};
use crate::parameters::{self, Segment};

/// Publish the event of a dead letter again
///
/// As it was, or corrected: the body may have the event to publish in its place. An event that is still bad is
/// refused, and the dead letter stays open. Repeating it is safe: the same event is applied once.
#[utoipa::path(
    post,
    path = "/dead-letters/{id}/replay",
    tag = "dead letters",
    params(("id" = Uuid, Path, description = "The dead letter.")),
    request_body(content = Option<Edit>, description = "The corrected event, where it needs correction.", examples(
        ("as it was" = (value = json!({}))),
        ("corrected" = (value = json!({"event": {
            "contractVersion": "1.1.0", "eventType": "job.created", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11",
            "occurredAt": "2026-01-02T03:04:05Z",
            "producer": {"service": "shop", "instanceId": "shop-1", "version": "1.0.0"},
            "correlationId": "0191d2a0-7c1e-7000-8000-00000000000c", "idempotencyKey": "order-4711",
            "payload": {"id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "PENDING", "createdAt": "2026-01-02T03:04:05Z"},
        }}))),
    )),
    responses(
        (status = 202, description = "The event is on the bus, and the dead letter is replayed.", body = Replayed, example = json!({
            "letterId": "0191d2a0-7c1e-7000-8000-00000000000d", "jobId": "0191d2a0-7c1e-7000-8000-000000000001", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11",
        })),
        (status = 400, description = "The event is still bad (`invalid-event`), or the id or the body does not read.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No dead letter has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Somebody has dealt with it; the problem has its `state`.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is too large.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The event log or the bus is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn replay_dead_letter(
    State(shared): State<Arc<Shared>>,
    id: Segment,
    request: Request,
) -> Result<(StatusCode, Json<Replayed>), Problem> {
    let id = parameters::id(id, request.uri())?;
    let (mut parts, edited) = letters::edit(&shared, request).await?;
    let context = RequestContext::from_request_parts(&mut parts, &()).await?;
    let replayed = letters::replay(&shared, &context, id, edited).await;
    let replayed = shared.metrics.counted(LetterCommand::Replay.name(), replayed)?;
    Ok((StatusCode::ACCEPTED, Json(replayed)))
}
