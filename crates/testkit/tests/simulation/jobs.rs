//! What is submitted, and who runs it.

use std::panic::resume_unwind;
use std::time::Duration;

use bytes::Bytes;
use contracts::{ENVELOPE_VERSION, Envelope, EventType, Priority, Producer};
use domain::{Clock, SystemClock, event_id};
use jiff::Timestamp;
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

/// Unique keys that some jobs share: jobs under one of them run one after the other.
const KEYS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Messages that are no events, with the keys that they come under. Dispatches reach processors alone, the others
/// all consumers.
pub(crate) const GARBAGE: [(&str, &str); 6] = [
    ("job.created", ""),
    ("job.created", "{broken"),
    (
        "job.created.high",
        "{\"eventType\":\"job.created\",\"payload\":{}}",
    ),
    ("job.completed", "\u{0}\u{0}not even text"),
    (routing::DISPATCH, "[1,2,3]"),
    ("dispatch.low", "{\"dispatch\":null}"),
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
    /// Whether it ends when its job is withdrawn; otherwise it has to be ended.
    #[serde(default)]
    listens: bool,
}

impl Handler for Simulated {
    type Input = Input;
    type Output = ();

    async fn run(&self, input: Input, context: Context) -> Result<(), HandlerError> {
        context.log.write(format!("{} ms to go", input.millis));
        if input.millis > 0 {
            let work = tokio::time::sleep(Duration::from_millis(input.millis));
            tokio::select! {
                () = work => {}
                () = context.cancelled.cancelled(), if input.listens => return again(),
            }
        }
        (self.verdict)(&context)
    }
}

/// A job as it was submitted.
#[derive(Clone)]
pub(crate) struct Submitted {
    pub(crate) id: Uuid,
    pub(crate) priority: Priority,
    pub(crate) run_at: Option<Timestamp>,
    pub(crate) unique_key: Option<&'static str>,
    pub(crate) message: Message,
}

/// A new job, as a gateway would publish it.
pub(crate) fn created(dice: &mut StdRng) -> Submitted {
    let id = Uuid::from_u128(dice.random());
    let job_type = TYPES[dice.random_range(0..TYPES.len())];
    let millis = match job_type {
        "slow" => dice.random_range(20..200),
        "long" => dice.random_range(1_000..2_500),
        _ => 0,
    };
    let now = SystemClock.now();
    let priority = Priority::ALL[dice.random_range(0..Priority::ALL.len())];
    let delay = Duration::from_millis(dice.random_range(0..1_500));
    let run_at = dice.random_bool(0.15).then(|| now + delay);
    let unique_key = dice
        .random_bool(0.1)
        .then(|| KEYS[dice.random_range(0..KEYS.len())]);
    let mut payload = json!({
        "id": id, "type": job_type, "status": "PENDING", "createdAt": now, "priority": priority,
        "payload": { "millis": millis, "listens": dice.random_bool(0.5) },
        "retry": { "maxAttempts": 4, "backoff": "fixed", "initialDelay": 0.03 },
    });
    if let Some(run_at) = run_at {
        payload["runAt"] = json!(run_at);
    }
    if let Some(key) = unique_key {
        payload["uniqueKey"] = json!(key);
    }
    let correlation_id = Uuid::from_u128(dice.random());
    Submitted {
        id,
        priority,
        run_at,
        unique_key,
        message: announcement(id, now, correlation_id, priority, &payload),
    }
}

/// The message that announces a job.
fn announcement(
    id: Uuid,
    now: Timestamp,
    correlation_id: Uuid,
    priority: Priority,
    job: &serde_json::Value,
) -> Message {
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
        correlation_id,
        idempotency_key: id.to_string(),
        payload: to_raw_value(job).expect("plain data serializes"),
    };
    let headers = Headers {
        correlation_id: Some(correlation_id),
        ..Headers::default()
    };
    let body = serde_json::to_vec(&envelope).expect("plain data serializes");
    Message {
        routing_key: routing::created(priority).into(),
        headers,
        body: Bytes::from(body),
    }
}

/// A message that is no event, among those that should be one.
pub(crate) fn garbage((routing_key, text): (&'static str, &'static str)) -> Message {
    Message {
        routing_key: routing_key.into(),
        headers: Headers::default(),
        body: Bytes::from_static(text.as_bytes()),
    }
}
