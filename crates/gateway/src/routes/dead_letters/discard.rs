//! `POST /dead-letters/{id}/discard`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::Uri;
use service::problem::{Problem, ProblemDocument};

use crate::gateway::Shared;
use crate::letters::{self, LetterCommand, Settled};
use crate::parameters::{self, Segment};

/// Put a dead letter aside
///
/// Nothing follows from it. It can still be read.
#[utoipa::path(
    post,
    path = "/dead-letters/{id}/discard",
    tag = "dead letters",
    params(("id" = Uuid, Path, description = "The dead letter.")),
    responses(
        (status = 200, description = "It is put aside.", body = Settled, example = json!({"letterId": "0191d2a0-7c1e-7000-8000-00000000000d", "state": "discarded"})),
        (status = 400, description = "The id is no UUID.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 404, description = "No dead letter has this id.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 409, description = "Somebody has dealt with it; the problem has its `state`.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The event log is away.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn discard_dead_letter(
    State(shared): State<Arc<Shared>>,
    id: Segment,
    uri: Uri,
) -> Result<Json<Settled>, Problem> {
    let id = parameters::id(id, &uri)?;
    let discarded = letters::discard(&shared, id).await;
    shared
        .metrics
        .counted(LetterCommand::Discard.name(), discarded)
        .map(Json)
}
