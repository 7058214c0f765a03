//! `POST /schedules/{name}/run`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::{HeaderMap, StatusCode, Uri};
use service::correlation::RequestContext;
use service::problem::{Problem, ProblemDocument};

use crate::api::JobAccepted;
use crate::gateway::Shared;
use crate::parameters::{self, Segment};
use crate::schedules;
use crate::submission::IdempotencyKey;
use crate::submit::JobUnderWay;

/// Make a schedule's job now
///
/// The job is submitted as any other. The schedule goes on as if nothing had happened; a paused one can be run, too.
#[utoipa::path(
    post,
    path = "/schedules/{name}/run",
    tag = "schedules",
    params(
        ("name" = String, Path, description = "The name of the schedule.", max_length = 128),
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters; names the job, so that the request may be sent again."),
    ),
    responses(
        (status = 202, description = "Accepted: the job reaches exactly one terminal state.", body = JobAccepted,
            example = json!({"jobId": "0191d2a0-7c1e-7000-8000-000000000001", "eventId": "2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11"})),
        (status = 400, description = "The name or a header is none, or the job of the schedule is not valid any more.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No schedule has this name.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Another job holds the unique key (`unique-key-held`).", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The bus or the job store is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn run_schedule(
    State(shared): State<Arc<Shared>>,
    context: RequestContext,
    name: Segment,
    uri: Uri,
    headers: HeaderMap,
) -> Result<(StatusCode, Json<JobUnderWay>), Problem> {
    let name = parameters::schedule(name, &uri)?;
    let key = IdempotencyKey::from_headers(&headers)?;
    let accepted = schedules::run(&shared, &context, key.as_ref(), &name).await;
    let accepted = shared.metrics.counted("run-schedule", accepted)?;
    Ok((StatusCode::ACCEPTED, JobUnderWay::of(accepted, None)))
}
