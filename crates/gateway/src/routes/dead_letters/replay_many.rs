//! `POST /dead-letters:replay`.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use service::problem::{Problem, ProblemDocument};

use crate::commands::Matched;
use crate::gateway::Shared;
use crate::letters::{self, LetterCommand, LettersBody};

/// Publish the events of many dead letters again
///
/// Those whose event is still bad are told as `invalid`, with the reason, and stay open.
///
/// The answer has one line for each, `{"progress":{…}}` at least every second, and `{"summary":{…}}` as its last line;
/// `{"error":{…}}` instead says that a part went away in between. Leaving the answer stops the command, and repeating
/// it is safe. With `dryRun` those that are open are only counted.
#[utoipa::path(
    post,
    path = "/dead-letters:replay",
    tag = "dead letters",
    request_body(content = LettersBody, examples(
        ("some" = (summary = "These", value = json!({"ids": ["0191d2a0-7c1e-7000-8000-00000000000d"]}))),
        ("all" = (summary = "Every open one", value = json!({"all": true}))),
        ("count" = (summary = "How many are there?", value = json!({"all": true, "dryRun": true}))),
    )),
    responses(
        (status = 200, description = "What became of each, or with `dryRun` how many are open.", content(
            (String = "application/x-ndjson", example = "{\"letterId\":\"0191d2a0-7c1e-7000-8000-00000000000d\",\"outcome\":\"done\",\"jobId\":\"\",\"eventId\":\"2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11\"}\n{\"summary\":{\"seen\":1,\"done\":1,\"requested\":0,\"conflict\":0,\"unknown\":0,\"invalid\":0,\"complete\":true}}\n"),
            (Matched = "application/json", example = json!({"matched": 3, "complete": true})),
        )),
        (status = 400, description = "A member is unknown, missing or wrong.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 413, description = "The body is larger than 1 MiB.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 415, description = "The content type is not application/json.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The event log or the bus is away, or too many such commands are under way.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn replay_dead_letters(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Response, Problem> {
    letters::all_of(&shared, LetterCommand::Replay, request).await
}
