//! A read model on stubs, and a client for it.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use contracts::{DeadLetter, EventType, JobStatus, Priority};
use domain::{JobEvent, LogLine, ManualClock, SeededIds};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use ports::{AttemptLog, JobDetail, JobSummary, LetterState, StoreError, StoredDeadLetter};
use read_model::{ReadModel, ReadModelConfig, ReadModelDeps};
use serde_json::{Value, json};
use tower_service::Service;
use uuid::Uuid;

use super::stubs::{Mood, StubBus, StubEvents, StubJobs, StubStats, World};

pub(crate) const NOW: &str = "2026-01-02T03:04:30Z";

pub(crate) struct App {
    pub(crate) jobs: Arc<World>,
    pub(crate) events: Arc<World>,
    pub(crate) stats: Arc<World>,
    pub(crate) bus: Arc<World>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) router: Router,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body of a good answer.
    pub(crate) fn good(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        assert_eq!(self.headers["content-type"], "application/json");
        self.json()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of a problem in the one format, of this status.
    pub(crate) fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert!(self.headers.contains_key("x-correlation-id"));
        let body = self.json();
        assert_eq!(body["status"], status);
        assert!(body["error"].is_string() && body["details"].is_array(), "{body}");
        body
    }
}

impl App {
    pub(crate) fn new() -> Self {
        Self::with(ReadModelConfig::default())
    }

    pub(crate) fn with(config: ReadModelConfig) -> Self {
        let world = Arc::<World>::default;
        let (jobs, events, stats, bus) = (world(), world(), world(), world());
        *bus.depths.lock().unwrap() = Some(Vec::new());
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        let deps = ReadModelDeps {
            jobs: Arc::new(StubJobs(jobs.clone())),
            events: Arc::new(StubEvents(events.clone())),
            stats: Arc::new(StubStats(stats.clone())),
            bus: Arc::new(StubBus(bus.clone())),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::new(7)),
            config,
        };
        let router = ReadModel::new(deps).unwrap().router();
        Self {
            jobs,
            events,
            stats,
            bus,
            clock,
            router,
        }
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().call(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }
}

impl World {
    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    pub(crate) fn goes_away(&self) {
        self.set(Mood::Fails(StoreError::Unavailable("secret-host refused".into())));
    }

    /// The last question.
    pub(crate) fn last(&self) -> String {
        self.asked.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0191_d2a0_7c1e_7000_8000_0000_0000_0000 + number)
}

pub(crate) fn at(second: i64) -> Timestamp {
    let midnight: Timestamp = "2026-01-02T03:04:00Z".parse().unwrap();
    Timestamp::from_second(midnight.as_second() + second).unwrap()
}

pub(crate) fn summary(number: u128, status: JobStatus) -> JobSummary {
    JobSummary {
        id: id(number),
        job_type: "echo".into(),
        status,
        created_at: at(1),
        updated_at: at(2),
        attempt: 1,
        priority: Priority::Normal,
        held: None,
        wake_at: None,
        error: None,
        run_micros: Some(42),
    }
}

pub(crate) fn event(event_type: EventType, attempt: u32, second: i64) -> JobEvent {
    JobEvent {
        job_id: id(1),
        job_type: "http".into(),
        created_at: at(1),
        correlation_id: id(99),
        event_type,
        attempt,
        at: at(second),
        worker: (attempt > 0).then(|| "worker-1".into()),
        error: (event_type == EventType::Retrying).then(|| "status 500".into()),
        run_micros: (event_type == EventType::Retrying).then_some(1_250_500),
        run_at: None,
        round: 0,
    }
}

pub(crate) fn letter(number: u128, state: LetterState) -> StoredDeadLetter {
    let letter = DeadLetter {
        original_event: json!({"eventType": "job.created"}),
        validation_error: "`payload` is missing".into(),
        rejected_at: at(7),
        correlation_id: None,
        service: "processor".into(),
        service_version: Some("0.1.0".into()),
    };
    StoredDeadLetter {
        id: id(number),
        letter,
        state,
    }
}

/// A job that failed once and waits for its second attempt.
pub(crate) fn retrying() -> JobDetail {
    let body = r#"{"id":"0191d2a0-7c1e-7000-8000-000000000001","type":"http","status":"PENDING",
        "createdAt":"2026-01-02T03:04:01Z","payload":{"url":"http://x/"},"tags":["night"],
        "timeoutSeconds":2.5,"retry":{"maxAttempts":5},"colour":"red",
        "uniqueKey":"import-7","schedule":"nightly","runAt":"2026-01-02T03:04:02Z","priority":"high"}"#;
    let error = Some("status 500".to_owned());
    JobDetail {
        summary: JobSummary {
            job_type: "http".into(),
            error,
            wake_at: Some(at(60)),
            ..summary(1, JobStatus::Retrying)
        },
        failures: 1,
        crashes: 0,
        round: 0,
        cancelling: false,
        accepted_at: at(1),
        body: Bytes::from_static(body.as_bytes()),
        result: None,
        correlation_id: id(99),
        history: vec![
            event(EventType::Created, 0, 1),
            event(EventType::Executed, 1, 2),
            event(EventType::Retrying, 1, 4),
        ],
        logs: vec![AttemptLog {
            attempt: 1,
            lines: vec![LogLine {
                at: at(3),
                text: "asking x".into(),
            }],
        }],
    }
}
