//! `GET /jobs/{id}/events`.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use http::Uri;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use super::job::find;
use crate::read_model::Shared;
use crate::views::{EventPage, life};
use service::ask::{Part, inconsistent};

/// The life of a job
///
/// From the job's own history, which is complete even while the event log is behind or away.
#[utoipa::path(
    get,
    path = "/jobs/{id}/events",
    tag = "jobs",
    params(("id" = Uuid, Path, description = "The job.")),
    responses(
        (status = 200, description = "Its events, oldest first.", body = EventPage, example = json!({
            "items": [{
                "contractVersion": "1.1.0", "eventType": "job.completed",
                "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11", "occurredAt": "2026-01-02T03:04:05.002Z",
                "producer": {"service": "processor", "instanceId": "worker-1", "version": "0.1.0"},
                "correlationId": "0191d2a0-7c1e-7000-8000-00000000000c",
                "idempotencyKey": "0191d2a0-7c1e-7000-8000-000000000001",
                "payload": {
                    "id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "COMPLETED",
                    "createdAt": "2026-01-02T03:04:05Z", "attempt": 1,
                },
            }],
            "nextCursor": null,
        })),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No job has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn job_events(
    State(shared): State<Arc<Shared>>,
    id: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Json<EventPage>, Problem> {
    Query::parse(&uri, &[])?;
    let detail = find(&shared, id).await?;
    let items = life(&detail.history).map_err(|_| inconsistent(Part::JobStore))?;
    Ok(Json(EventPage {
        items,
        next_cursor: None,
    }))
}
