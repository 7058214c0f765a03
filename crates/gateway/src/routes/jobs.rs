//! `POST /jobs`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use service::body::{self, Format};
use service::correlation::RequestContext;
use service::problem::{Problem, ProblemDocument};
use uuid::Uuid;

use crate::api::{JobAccepted, JobSubmission};
use crate::event::{Announcement, announce};
use crate::gateway::Shared;
use crate::submission::{self, IdempotencyKey};

/// What a client is told of an accepted job (`schemas/job-accepted.json`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    job_id: Uuid,
    event_id: Uuid,
}

/// Submit a job
///
/// `{"type": "echo"}` is enough; whatever is missing is filled in. The answer comes when the job is safe on
/// the bus. A request that was not answered may be sent again with the same `id` or `Idempotency-Key`: it is
/// the same job.
#[utoipa::path(
    post,
    path = "/jobs",
    tag = "jobs",
    params(
        ("X-Correlation-Id" = Option<Uuid>, Header, description = "Follows the request through every service; made if absent."),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters; names the job when the body has no id."),
    ),
    request_body(
        content = JobSubmission,
        description = "The job.",
        examples(
            ("smallest" = (summary = "As little as possible", value = json!({"type": "echo"}))),
            ("sleep" = (summary = "Sleeps for a second, may fail twice", value = json!({
                "type": "sleep", "payload": {"ms": 1000}, "timeoutSeconds": 5, "retry": {"maxAttempts": 3}, "tags": ["demo"],
            }))),
            ("full" = (summary = "As the published clients send it", value = json!({
                "id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "PENDING",
                "payload": {"hello": "world"}, "createdAt": "2026-01-02T03:04:05Z",
            }))),
        ),
    ),
    responses(
        (status = 202, description = "Accepted: the job reaches exactly one terminal state.", body = JobAccepted,
            example = json!({"jobId": "0191d2a0-7c1e-7000-8000-000000000001", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11"})),
        (status = 400, description = "The job, a header or the JSON is not valid.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 1 MiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The bus is away, full or too slow; come again after `Retry-After` seconds.", body = ProblemDocument, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait."))),
    ),
)]
pub(crate) async fn submit(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match accept(&shared, request).await {
        Ok(accepted) => (StatusCode::ACCEPTED, Json(accepted)).into_response(),
        Err(problem) => {
            shared.metrics.reject(problem.kind(), 1);
            problem.into_response()
        }
    }
}

async fn accept(shared: &Shared, request: Request) -> Result<Accepted, Problem> {
    let (mut parts, body) = request.into_parts();
    let context = RequestContext::from_request_parts(&mut parts, &()).await?;
    body::format(&parts.headers, &[Format::Json])?;
    let key = IdempotencyKey::from_headers(&parts.headers)?;
    let limits = shared.config.job_body;
    let received = shared.intake.receive(body, &parts.headers, limits).await?;

    let Announcement {
        job_id,
        event_id,
        message,
    } = prepare(shared, &context, key.as_ref(), &received.bytes)?;
    shared.intake.publish_one(message).await?;
    shared.metrics.accepted.inc();
    Ok(Accepted { job_id, event_id })
}

fn prepare(
    shared: &Shared,
    context: &RequestContext,
    key: Option<&IdempotencyKey>,
    bytes: &[u8],
) -> Result<Announcement, Problem> {
    let now = shared.clock.now();
    let new_id = || key.map_or_else(|| shared.ids.next(), IdempotencyKey::job_id);
    let submission = submission::read(bytes, new_id, now).map_err(submission::invalid)?;
    shared.metrics.submitted.inc(&submission.job_type);
    announce(submission, context, shared.producer(), now).map_err(|error| {
        tracing::error!(%error, "failed to write an event");
        Problem::internal()
    })
}
