//! The event in a dead letter.

use contracts::{Envelope, EventType, Rejection, TYPE_LIMIT, Violation};
use http::StatusCode;
use ports::{Headers, Message, routing};
use serde_json::Value;
use service::correlation::TraceParent;
use service::problem::Problem;
use uuid::Uuid;

/// An event that can be published.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) job_id: Uuid,
    pub(super) event_id: Uuid,
    pub(super) message: Message,
}

impl Replay {
    /// Reads an event as its consumers will: what passes here is no dead letter again.
    ///
    /// # Errors
    /// Lists what is wrong with it.
    pub(super) fn of(original: &Value, traceparent: &TraceParent) -> Result<Self, Vec<Violation>> {
        let body = text_of(original);
        let envelope = Envelope::from_slice(&body).map_err(violations)?;
        let job = envelope.job().map_err(violations)?;
        if job.job_type.len() > TYPE_LIMIT {
            let message = format!("must be at most {TYPE_LIMIT} bytes long");
            return Err(vec![violation("/payload/type", message)]);
        }
        let routing_key = match envelope.event_type {
            EventType::Created => routing::created(job.priority),
            other => other.as_str(),
        };
        let headers = Headers {
            correlation_id: Some(envelope.correlation_id),
            traceparent: Some(traceparent.as_str().to_owned()),
            attempt: None,
        };
        Ok(Self {
            job_id: job.id,
            event_id: envelope.event_id,
            message: Message {
                routing_key: routing_key.into(),
                headers,
                body: body.into(),
            },
        })
    }
}

/// What was no JSON is kept as its text.
fn text_of(original: &Value) -> Vec<u8> {
    match original {
        Value::String(text) => text.clone().into_bytes(),
        other => other.to_string().into_bytes(),
    }
}

fn violations(rejection: Rejection) -> Vec<Violation> {
    match rejection {
        Rejection::Invalid(violations) => violations,
        other => vec![violation("", other.to_string())],
    }
}

fn violation(path: &str, message: String) -> Violation {
    Violation {
        path: path.to_owned(),
        message,
    }
}

/// 400: the event is still none.
pub(super) fn invalid(violations: Vec<Violation>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-event", "Invalid event")
        .detail(crate::submission::summary(&violations))
        .violations(violations)
}
