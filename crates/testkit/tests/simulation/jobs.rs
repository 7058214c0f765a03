//! What is submitted, and who runs it.

use std::panic::resume_unwind;
use std::time::Duration;

use bytes::Bytes;
use contracts::{ENVELOPE_VERSION, Envelope, EventType, Producer};
use domain::{Clock, SystemClock, event_id};
use ports::{Headers, Message, routing};
use processor::{Context, Handler, HandlerError, HandlerRegistry};
use rand::RngExt;
use rand::rngs::StdRng;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::to_raw_value;
use uuid::Uuid;

/// The types of jobs, mixed at random. Nobody handles `unknown`; `long` ones outlive most processes.
pub(crate) const TYPES: [&str; 8] = [
    "quick",
    "quick",
    "slow",
    "long",
    "flaky",
    "hopeless",
    "panicking",
    "unknown",
];

/// Messages that are no events, with the keys that they come under. Dispatches reach processors alone, the others
/// all consumers.
pub(crate) const GARBAGE: [(&str, &str); 6] = [
    ("job.created", ""),
    ("job.created", "{broken"),
    ("job.created", "{\"eventType\":\"job.created\",\"payload\":{}}"),
    ("job.completed", "\u{0}\u{0}not even text"),
    (routing::DISPATCH, "[1,2,3]"),
    (routing::DISPATCH, "{\"dispatch\":null}"),
];

/// The handlers of the simulation.
pub(crate) fn handlers() -> HandlerRegistry {
    HandlerRegistry::new()
        .with("quick", Simulated { verdict: |_| Ok(()) })
        .with("slow", Simulated { verdict: |_| Ok(()) })
        .with("long", Simulated { verdict: |_| Ok(()) })
        .with(
            "flaky",
            Simulated {
                verdict: |context| if context.attempt % 3 == 0 { Ok(()) } else { again() },
            },
        )
        .with("hopeless", Simulated { verdict: |_| again() })
        .with(
            "panicking",
            Simulated {
                verdict: |_| resume_unwind(Box::new("a handler of the simulation panics, as it should")),
            },
        )
}

fn again() -> Result<(), HandlerError> {
    Err(HandlerError::retry("not this time"))
}

/// Takes a while, then says what it has to say.
struct Simulated {
    verdict: fn(&Context) -> Result<(), HandlerError>,
}

#[derive(Deserialize)]
struct Input {
    millis: u64,
}

impl Handler for Simulated {
    type Input = Input;
    type Output = ();

    async fn run(&self, input: Input, context: Context) -> Result<(), HandlerError> {
        if input.millis > 0 {
            tokio::time::sleep(Duration::from_millis(input.millis)).await;
        }
        (self.verdict)(&context)
    }
}

/// The message of a new job, as a gateway would publish it.
pub(crate) fn created(dice: &mut StdRng) -> (Uuid, Message) {
    let id = Uuid::from_u128(dice.random());
    let job_type = TYPES[dice.random_range(0..TYPES.len())];
    let millis = match job_type {
        "slow" => dice.random_range(20..200),
        "long" => dice.random_range(1_000..2_500),
        _ => 0,
    };
    let now = SystemClock.now();
    let payload = json!({
        "id": id, "type": job_type, "status": "PENDING", "createdAt": now, "payload": { "millis": millis },
        "retry": { "maxAttempts": 4, "backoff": "fixed", "initialDelay": 0.03 },
    });
    let envelope = Envelope {
        contract_version: ENVELOPE_VERSION.into(),
        event_type: EventType::Created,
        event_id: event_id(id, 0, EventType::Created),
        occurred_at: now,
        producer: Producer {
            service: "gateway".into(),
            instance_id: "simulated".into(),
            version: "0".into(),
        },
        correlation_id: Uuid::from_u128(dice.random()),
        idempotency_key: id.to_string(),
        payload: to_raw_value(&payload).expect("plain data serializes"),
    };
    let headers = Headers {
        correlation_id: Some(envelope.correlation_id),
        ..Headers::default()
    };
    let body = serde_json::to_vec(&envelope).expect("plain data serializes");
    (
        id,
        Message {
            routing_key: EventType::Created.as_str().into(),
            headers,
            body: Bytes::from(body),
        },
    )
}

/// A message that is no event, among those that should be one.
pub(crate) fn garbage((routing_key, text): (&'static str, &'static str)) -> Message {
    Message {
        routing_key: routing_key.into(),
        headers: Headers::default(),
        body: Bytes::from_static(text.as_bytes()),
    }
}
