//! `POST /jobs:retry`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use ports::Command;
use service::problem::{Problem, ProblemDocument};

use crate::commands::{self, Matched, SelectionBody};
use crate::gateway::Shared;

/// Begin all jobs anew that match and ended without a result
///
/// Those that have not ended, or have their result, are told as conflicts.
///
/// The answer has one line for each job, `{"progress":{…}}` at least every second, and `{"summary":{…}}` as its last
/// line; `{"error":{…}}` instead says that a store went away in between. Leaving the answer stops the command, and
/// repeating it is safe. With `dryRun` the matches are only counted.
#[utoipa::path(
    post,
    path = "/jobs:retry",
    tag = "jobs",
    request_body(content = SelectionBody, examples(
        ("some" = (summary = "All that match", value = json!({"q": "type:email state:failed"}))),
        ("count" = (summary = "How many are there?", value = json!({"q": "type:email state:failed", "dryRun": true}))),
        ("all" = (summary = "Every job", value = json!({"all": true}))),
    )),
    responses(
        (status = 200, description = "What became of each job, or with `dryRun` how many match.", content(
            (String = "application/x-ndjson", example = "{\"jobId\":\"0191d2a0-7c1e-7000-8000-000000000001\",\"outcome\":\"done\",\"status\":\"RETRYING\"}\n{\"summary\":{\"seen\":1,\"done\":1,\"requested\":0,\"conflict\":0,\"unknown\":0,\"complete\":true}}\n"),
            (Matched = "application/json", example = json!({"matched": 4711, "complete": true})),
        )),
        (status = 400, description = "The query or another member does not read; for a query the problem has `pointer`.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 64 KiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The job store is away, or too many such commands are under way.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn retry_matching(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Response, Problem> {
    commands::all_matching(&shared, Command::Retry, request).await
}
