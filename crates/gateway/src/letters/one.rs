//! One dead letter.

use axum::extract::Request;
use contracts::MAX_DEAD_LETTER_DEPTH;
use http::request::Parts;
use ports::{LetterState, StoredDeadLetter};
use serde::Serialize;
use serde_json::Value;
use service::correlation::RequestContext;
use service::problem::Problem;
use utoipa::ToSchema;
use uuid::Uuid;

use super::event::{Replay, invalid};
use crate::gateway::Shared;
use crate::members::{self, Bounds, Members};

/// The bounds of a corrected event: that of a job, its envelope, and the member around it.
const BOUNDS: Bounds = Bounds {
    bytes: service::body::DEFAULT_LIMIT + 64 * 1024,
    depth: MAX_DEAD_LETTER_DEPTH,
};

/// A letter whose event was published.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names of the answer's members")]
pub(crate) struct Replayed {
    /// The letter.
    letter_id: Uuid,
    /// The job that its event is about.
    job_id: Uuid,
    /// The event.
    event_id: Uuid,
}

/// A letter that somebody has dealt with.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Settled {
    /// The letter.
    letter_id: Uuid,
    /// What has become of it.
    #[schema(value_type = String, examples("discarded"))]
    state: LetterState,
}

/// A corrected event, where a client gives one.
#[derive(Debug, ToSchema)]
#[schema(as = DeadLetterEdit)]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) struct Edit {
    /// The event to publish in the place of the letter's own.
    #[schema(value_type = Option<Object>)]
    event: Option<Value>,
}

/// Reads the body of a replay: the corrected event, if any.
///
/// # Errors
/// 400 that says what is wrong with it.
pub(crate) async fn edit(shared: &Shared, request: Request) -> Result<(Parts, Option<Value>), Problem> {
    let (parts, document) = members::read_if_any(shared, request, BOUNDS).await?;
    let Some(document) = document else {
        return Ok((parts, None));
    };
    let mut members = Members::of(document, &["event"])?;
    let event: Option<serde_json::Map<String, Value>> =
        members.take("event", "an object: the corrected event")?;
    Ok((parts, event.map(Value::Object)))
}

/// Publishes the event of an open letter, or the one that was put in its place, and settles the letter. Should that
/// fail half-way, repeating it publishes the same event, which is applied once.
///
/// # Errors
/// 404 for an unknown letter, 409 for one that is settled, 400 for an event that is still bad, 503 where the event
/// log or the bus is away.
pub(crate) async fn replay(
    shared: &Shared,
    context: &RequestContext,
    letter_id: Uuid,
    edited: Option<Value>,
) -> Result<Replayed, Problem> {
    let stored = open(shared, letter_id).await?;
    let event = edited.unwrap_or(stored.letter.original_event);
    let Replay {
        job_id,
        event_id,
        message,
    } = Replay::of(&event, &context.traceparent).map_err(invalid)?;
    let published = shared.intake.publish_one(message.into()).await;
    published.map_err(not_published)?;
    let settled = settle(shared, letter_id, LetterState::Replayed).await;
    settled.map_err(not_settled)?;
    Ok(Replayed {
        letter_id,
        job_id,
        event_id,
    })
}

/// Puts an open letter aside: nothing follows from it.
///
/// # Errors
/// 404 for an unknown letter, 409 for one that is settled, 503 where the event log is away.
pub(crate) async fn discard(shared: &Shared, letter_id: Uuid) -> Result<Settled, Problem> {
    let state = LetterState::Discarded;
    open(shared, letter_id).await?;
    if !settle(shared, letter_id, state).await? {
        // Somebody was faster: the answer says what became of it.
        open(shared, letter_id).await?;
    }
    Ok(Settled { letter_id, state })
}

/// 503: the bus did not take the event of a letter.
pub(super) fn not_published(problem: Problem) -> Problem {
    problem
        .error("Failed to replay dead letter")
        .detail("the bus did not take the event; the dead letter is still open, replay it again")
}

/// 503: the event log was away when the event was published already.
pub(super) fn not_settled(problem: Problem) -> Problem {
    problem.detail(
        "the event is published, and the event log did not take down so: the dead letter is still open; replay it \
         again, the same event is applied once",
    )
}

async fn settle(shared: &Shared, letter_id: Uuid, state: LetterState) -> Result<bool, Problem> {
    let changed = shared
        .stores
        .events(|events| events.settle_dead_letters(vec![letter_id], state))
        .await?;
    Ok(changed.contains(&letter_id))
}

async fn open(shared: &Shared, letter_id: Uuid) -> Result<StoredDeadLetter, Problem> {
    let found = shared
        .stores
        .events(|events| events.dead_letter(letter_id))
        .await?;
    let unknown = || Problem::not_found().detail(format!("no dead letter has the id {letter_id}"));
    let stored = found.ok_or_else(unknown)?;
    let state = match stored.state {
        LetterState::Open => return Ok(stored),
        LetterState::Replayed => "replayed",
        LetterState::Discarded => "discarded",
    };
    Err(Problem::conflict()
        .detail(format!("the dead letter is {state} already"))
        .member("letterId", letter_id.to_string())
        .member("state", state))
}
