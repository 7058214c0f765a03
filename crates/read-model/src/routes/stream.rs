//! `GET /stream`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, Uri};
use service::ask::Part;
use service::http_server::Stopping;
use service::problem::{Problem, ProblemDocument};
use service::query::{Query, invalid};

use crate::api::JobStatusName;
use crate::read_model::Shared;
use crate::stream::{Client, MAX_CLIENTS, PARAMETERS, Place, Seat, Wants};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What happens, as it happens
///
/// Server-sent events. `job`: an event of a job, its data the envelope as it was published, its id a place in the log.
/// `stats`: the numbers as `GET /stats` gives them, when they have changed, at most once a second. `dropped`: the last
/// one, where the server ends the stream; its data says why.
///
/// A client that comes back with `Last-Event-ID` gets everything since, each event once. One that does not read is
/// dropped once 1,024 events or 1 MiB wait for it; it never slows anything down. Something is sent every 10 seconds at
/// least, a comment where nothing has happened.
#[utoipa::path(
    get,
    path = "/stream",
    tag = "events",
    params(
        ("topics" = Option<String>, Query, description = "`job`, `stats` or both with a comma; both if absent.", example = "job"),
        ("type" = Option<String>, Query, description = "Only events of these types (`job.failed`), of jobs of these types (`email`), or both; with commas.", example = "job.completed,job.failed"),
        ("state" = Option<JobStatusName>, Query, description = "Only events that lead to this state; several with commas."),
        ("jobId" = Option<Uuid>, Query, description = "Only events of this job; several with commas."),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that was seen."),
    ),
    responses(
        (status = 200, description = "The stream, without an end.", body = String, content_type = "text/event-stream", example = json!(
            "retry: 1000\nid: 41\n\nevent: job\nid: 42\ndata: {\"contractVersion\":\"1.1.0\",\"eventType\":\"job.failed\",…}\n\n"
        )),
        (status = 400, description = "A parameter is unknown or malformed, or no log has this place.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The event log is away, or there are as many clients as there may be.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn stream(
    State(shared): State<Arc<Shared>>,
    stopping: Stopping,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, Problem> {
    let wants = Wants::read(&Query::parse(&uri, &PARAMETERS)?)?;
    let last = last_place(&headers)?;
    let seat = Seat::of(&shared.stream).ok_or_else(full)?;
    let start = Client::start(&shared, seat, wants, last, stopping);
    let client = shared.questions.ask(Part::EventLog, start).await?;
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        // Some proxies would otherwise collect a page before they pass anything on.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, client.into_body()).into_response())
}

/// `Last-Event-ID`; an empty one says, as browsers do, that there was none.
fn last_place(headers: &HeaderMap) -> Result<Option<Place>, Problem> {
    let Some(value) = headers.get(LAST_EVENT_ID).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let place = value.to_str().ok().and_then(|text| text.parse().ok());
    let wrong = || invalid("Last-Event-ID", "must be the id of an event of this stream");
    place.map(Some).ok_or_else(wrong)
}

fn full() -> Problem {
    Problem::overloaded().detail(format!("{MAX_CLIENTS} clients listen already"))
}
