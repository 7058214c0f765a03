//! `POST /jobs`.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use contracts::JobStatus;
use domain::duration::Span;
use http::StatusCode;
use service::body::{self, Format};
use service::correlation::RequestContext;
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::api::JobSubmission;
use crate::gateway::Shared;
use crate::submission::{self, IdempotencyKey};
use crate::submit::{self, Accepted, JobEnded, JobUnderWay, SubmissionAnswer};
use crate::wait::{self, Seen};

/// Submit a job
///
/// `{"type": "echo"}` is enough; whatever is missing is filled in. The answer comes when the job is safe on
/// the bus. A request that was not answered may be sent again with the same `id` or `Idempotency-Key`: it is
/// the same job.
///
/// With `wait` the answer comes when the job has ended, with its result, or when the time is over, with its state. A
/// job with a `uniqueKey` is refused while another job holds the key; the answer names that job. Both ask the job
/// store; nothing else does.
#[utoipa::path(
    post,
    path = "/jobs",
    tag = "jobs",
    params(
        ("wait" = Option<String>, Query, description = "How long to wait for the end of the job, such as `5s`; at most 30s.", example = "5s"),
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
            ("later" = (summary = "In two minutes, before others, and once", value = json!({
                "type": "echo", "delay": "2m", "priority": "high", "uniqueKey": "invoice-4711",
            }))),
            ("full" = (summary = "As the published clients send it", value = json!({
                "id": "0191d2a0-7c1e-7000-8000-000000000001", "type": "echo", "status": "PENDING",
                "payload": {"hello": "world"}, "createdAt": "2026-01-02T03:04:05Z",
            }))),
        ),
    ),
    responses(
        (status = 200, description = "With `wait`: accepted, and ended in time.", body = JobEnded, example = json!({
            "jobId": "0191d2a0-7c1e-7000-8000-000000000001", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11",
            "status": "COMPLETED", "result": {"hello": "world"}, "error": null,
        })),
        (status = 202, description = "Accepted: the job reaches exactly one terminal state. After a `wait` that was too short the state is named, unless the job store is away.", body = SubmissionAnswer,
            examples(
                ("accepted" = (value = json!({"jobId": "0191d2a0-7c1e-7000-8000-000000000001", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11"}))),
                ("waited" = (value = json!({"jobId": "0191d2a0-7c1e-7000-8000-000000000001", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11", "status": "EXECUTING"}))),
            )),
        (status = 400, description = "The job, a parameter, a header or the JSON is not valid.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Another job holds the unique key (`unique-key-held`). The problem has `jobId`, the holder, and `uniqueKey`.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 1 MiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The bus is away, full or too slow, or for a unique key the job store; come again after `Retry-After` seconds.", body = ProblemDocument, content_type = "application/problem+json",
            headers(("Retry-After" = u32, description = "Seconds to wait."))),
    ),
)]
pub(crate) async fn submit(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    match accept(&shared, request).await {
        Ok((accepted, None)) => under_way(accepted, None),
        Ok((accepted, Some(limit))) => match wait::for_end(&shared, accepted.job_id, limit.get()).await {
            Seen::NotEnded(status) => under_way(accepted, status),
            Seen::Ended(job) => JobEnded::of(accepted, *job).into_response(),
        },
        Err(problem) => {
            shared.metrics.reject(problem.kind(), 1);
            problem.into_response()
        }
    }
}

fn under_way(accepted: Accepted, status: Option<JobStatus>) -> Response {
    (StatusCode::ACCEPTED, JobUnderWay::of(accepted, status)).into_response()
}

/// The body is let go here: who waits holds no memory of it.
async fn accept(shared: &Shared, request: Request) -> Result<(Accepted, Option<Span>), Problem> {
    let (mut parts, body) = request.into_parts();
    let context = RequestContext::from_request_parts(&mut parts, &()).await?;
    let wait = Query::parse(&parts.uri, &["wait"])?.span("wait", wait::LONGEST)?;
    body::format(&parts.headers, &[Format::Json])?;
    let key = IdempotencyKey::from_headers(&parts.headers)?;
    let limits = shared.config.job_body;
    let received = shared.intake.receive(body, &parts.headers, limits).await?;

    let new_id = || {
        key.as_ref()
            .map_or_else(|| shared.ids.next(), IdempotencyKey::job_id)
    };
    let mut submission =
        submission::read(&received.bytes, new_id, shared.clock.now()).map_err(submission::invalid)?;
    submission.is_named |= key.is_some();
    let accepted = submit::submit(shared, &context, submission).await?;
    Ok((accepted, wait))
}
