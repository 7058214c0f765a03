//! `POST /jobs/batch`.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use service::body::{self, Format};
use service::correlation::RequestContext;
use service::problem::{Problem, ProblemDocument};

use crate::api::JobSubmission;
use crate::batch::{Batch, BatchResult, split};
use crate::gateway::Shared;
use crate::submission::IdempotencyKey;

/// Submit many jobs
///
/// Either a JSON array (`application/json`) or one job per line (`application/x-ndjson`); at most 100,000 jobs
/// and 32 MiB. Every job is accepted or rejected on its own; the answer has one entry per job, in order. With
/// an `Idempotency-Key`, the jobs without an id are named by the key and their place, so that the whole batch
/// may be sent again.
#[utoipa::path(
    post,
    path = "/jobs/batch",
    tag = "jobs",
    params(
        ("X-Correlation-Id" = Option<Uuid>, Header, description = "Follows the request through every service; made if absent."),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters; names the jobs that have no id."),
    ),
    request_body(
        content(
            (Vec<JobSubmission> = "application/json", example = json!([{"type": "echo"}, {"type": "sleep", "payload": {"ms": 10}}])),
            (String = "application/x-ndjson", example = "{\"type\": \"echo\"}\n{\"type\": \"sleep\", \"payload\": {\"ms\": 10}}\n"),
        ),
        description = "The jobs.",
    ),
    responses(
        (status = 202, description = "At least one job was accepted.", body = BatchResult, example = json!({
            "items": [
                {"index": 0, "jobId": "0191d2a0-7c1e-7000-8000-000000000001", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11"},
                {"index": 1, "error": "Invalid job data", "details": [{"path": "", "message": "`type` is missing"}]},
                {"index": 2, "error": "the unique key is held by job 0191d2a0-7c1e-7000-8000-000000000009 until that has ended",
                 "details": [], "holder": "0191d2a0-7c1e-7000-8000-000000000009"},
            ],
            "accepted": 1, "rejected": 2,
        })),
        (status = 400, description = "No job is valid, or the body is no batch. Where there are entries, the problem has `items`, `accepted` and `rejected`, too.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "The unique keys of all valid jobs are held (`unique-key-held`); has entries, too.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "More than 32 MiB or more than 100,000 jobs.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is neither application/json nor application/x-ndjson.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The bus took none of the valid jobs, or the job store reserved no unique key; come again after `Retry-After` seconds.", body = ProblemDocument, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait."))),
    ),
)]
pub(crate) async fn submit_batch(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match accept(&shared, request).await {
        Ok(answer) => answer,
        Err(problem) => {
            shared.metrics.reject(problem.kind(), 1);
            problem.into_response()
        }
    }
}

async fn accept(shared: &Shared, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let context = RequestContext::from_request_parts(&mut parts, &()).await?;
    let format = body::format(&parts.headers, &[Format::Json, Format::JsonLines])?;
    let key = IdempotencyKey::from_headers(&parts.headers)?;
    let limits = shared.config.batch_body;
    let received = shared.intake.receive(body, &parts.headers, limits).await?;

    let items = split::off_thread(&received.bytes, format, shared.config.max_batch).await?;
    let batch = Batch {
        shared,
        context: &context,
        key: key.as_ref(),
    };
    Ok(batch.submit(&items).await.into_response())
}
