//! `GET /events`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::AppendHeaders;
use http::header::LINK;
use http::{HeaderName, Uri};
use ports::{Cursor, EventQuery};
use serde_json::value::RawValue;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::api::{EventEnvelope, EventTypeName};
use crate::parameters;
use crate::read_model::Shared;
use crate::views::envelope_of;
use service::ask::{Part, inconsistent};

/// The newest events, of all jobs or of one
#[utoipa::path(
    get,
    path = "/events",
    tag = "events",
    params(
        ("jobId" = Option<Uuid>, Query, description = "Only events of this job."),
        ("type" = Option<EventTypeName>, Query, description = "Only events of this type."),
        ("limit" = Option<u32>, Query, description = "How many; 50 if absent.", minimum = 1, maximum = 500),
        ("cursor" = Option<String>, Query, description = "Where to go on: part of the `Link` of an earlier answer."),
    ),
    responses(
        (status = 200, description = "The events as they were published, each one once, newest first. Where there are older ones, `Link` (RFC 8288) says where to find them, as `rel=\"next\"`.", body = Vec<EventEnvelope>, headers(("Link" = Option<String>, description = "The next page.")), example = json!([{
            "contractVersion": "1.1.0", "eventType": "job.created",
            "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11", "occurredAt": "2026-01-02T03:04:05Z",
            "producer": {"service": "gateway", "instanceId": "local", "version": "0.1.0"},
            "correlationId": "0191d2a0-7c1e-7000-8000-00000000000c",
            "idempotencyKey": "0191d2a0-7c1e-7000-8000-000000000001",
            "payload": {
                "id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "PENDING",
                "createdAt": "2026-01-02T03:04:05Z", "payload": {"hello": "world"},
            },
        }])),
        (status = 400, description = "A parameter is unknown, malformed or out of range.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The event log is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn events(
    State(shared): State<Arc<Shared>>,
    uri: Uri,
) -> Result<
    (
        Option<AppendHeaders<[(HeaderName, String); 1]>>,
        Json<Vec<Box<RawValue>>>,
    ),
    Problem,
> {
    let query = Query::parse(&uri, &["jobId", "type", "limit", "cursor"])?;
    let filter = EventQuery {
        job_id: parameters::job_id(&query)?,
        event_type: parameters::event_type(&query)?,
    };
    let limit = query.number("limit", 1..=500, 50)?;
    let cursor = parameters::cursor(&query)?;
    let events = shared.events.events(&filter, cursor.as_ref(), limit);
    let page = shared.questions.ask(Part::EventLog, events).await?;
    let envelopes: Result<_, _> = page.items.iter().map(envelope_of).collect();
    let envelopes = envelopes.map_err(|_| inconsistent(Part::EventLog))?;
    let next = page.next.map(|next| [(LINK, link(&filter, limit, &next))]);
    Ok((next.map(AppendHeaders), Json(envelopes)))
}

/// The next page, as a link. The published answer is a bare array, in which there is no room for it.
fn link(filter: &EventQuery, limit: usize, next: &Cursor) -> String {
    let job = filter.job_id.map(|id| format!("&jobId={id}")).unwrap_or_default();
    let kind = filter
        .event_type
        .map(|kind| format!("&type={kind}"))
        .unwrap_or_default();
    format!("</events?limit={limit}&cursor={next}{job}{kind}>; rel=\"next\"")
}
