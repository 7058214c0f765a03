//! A gateway on a bus that remembers, and a client for it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use domain::{ManualClock, SeededIds};
use gateway::{Gateway, GatewayConfig, GatewayDeps};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use ports::{BusError, EventBus, Message, Parcel, Queue, QueueDepth, Subscription};
use serde_json::Value;
use tower_service::Service;
use uuid::Uuid;

use super::stubs::{StubEvents, StubJobs};

pub(crate) const NOW: &str = "2026-01-02T03:04:05Z";

/// How the bus behaves.
#[derive(Clone, Debug, Default)]
pub(crate) enum Mood {
    #[default]
    Fine,
    Fails(BusError),
    Hangs,
    /// Takes this many publications and fails after them.
    FailsAfter(usize),
}

#[derive(Default)]
pub(crate) struct StubBus {
    mood: Mutex<Mood>,
    taken: Mutex<Vec<Vec<Arc<Parcel>>>>,
    calls: AtomicUsize,
}

impl StubBus {
    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Everything that was published, in order.
    pub(crate) fn messages(&self) -> Vec<Message> {
        let taken = self.taken.lock().unwrap();
        taken.iter().flatten().map(|parcel| (***parcel).clone()).collect()
    }

    /// How often it was asked to publish, whatever came of it.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }

    /// How many calls were needed for it.
    pub(crate) fn publications(&self) -> usize {
        self.taken.lock().unwrap().len()
    }
}

fn away() -> BusError {
    BusError::Unavailable("secret-broker.internal:5672 refused".to_owned())
}

#[async_trait]
impl EventBus for StubBus {
    async fn publish(&self, messages: Vec<Arc<Parcel>>) -> Result<(), BusError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let mood = self.mood.lock().unwrap().clone();
        match mood {
            Mood::Fails(error) => return Err(error),
            Mood::Hangs => std::future::pending().await,
            Mood::FailsAfter(most) if self.publications() >= most => return Err(away()),
            Mood::Fine | Mood::FailsAfter(_) => {}
        }
        self.taken.lock().unwrap().push(messages);
        Ok(())
    }

    async fn subscribe(&self, _queue: Queue, _prefetch: usize) -> Result<Arc<dyn Subscription>, BusError> {
        Err(away())
    }

    async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        Ok(Vec::new())
    }

    async fn ping(&self, _limit: Duration) -> Result<(), BusError> {
        let mood = self.mood.lock().unwrap().clone();
        match mood {
            Mood::Fails(error) => Err(error),
            Mood::Hangs => std::future::pending().await,
            Mood::Fine | Mood::FailsAfter(_) => Ok(()),
        }
    }
}

/// A request with a JSON body.
pub(crate) fn json_request(method: &str, path: &str, body: &Value) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = request.header("content-type", "application/json");
    request.body(Body::from(body.to_string())).unwrap()
}

/// The number as an identifier.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0191_d2a0_7c1e_7000_8000_0000_0000_0000 + number)
}

pub(crate) struct App {
    pub(crate) bus: Arc<StubBus>,
    pub(crate) jobs: Arc<StubJobs>,
    pub(crate) events: Arc<StubEvents>,
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

    /// The documents of an answer of lines.
    pub(crate) fn lines(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text());
        assert_eq!(self.headers["content-type"], "application/x-ndjson");
        let lines = self.text();
        assert!(lines.ends_with('\n'), "{lines}");
        lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// A part that is away, in the one form.
    pub(crate) fn degraded(&self, part: &str) -> Value {
        assert_eq!(self.headers["retry-after"], "1");
        let problem = self.problem(503);
        assert_eq!(problem["degraded"], serde_json::json!([part]), "{problem}");
        assert!(!self.text().contains("secret"), "{}", self.text());
        problem
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
        for member in ["type", "title", "detail", "error"] {
            assert!(
                body[member].as_str().is_some_and(|text| !text.is_empty()),
                "{member}: {body}"
            );
        }
        for violation in body["details"].as_array().expect("details is a list") {
            assert!(
                violation["path"].is_string() && violation["message"].is_string(),
                "{body}"
            );
        }
        body
    }
}

impl App {
    pub(crate) fn new() -> Self {
        Self::with(GatewayConfig::default())
    }

    pub(crate) fn with(config: GatewayConfig) -> Self {
        let bus = Arc::new(StubBus::default());
        let clock = Arc::new(ManualClock::new(NOW.parse().unwrap()));
        let ids = Arc::new(SeededIds::new(7));
        let jobs = Arc::new(StubJobs::default());
        let events = Arc::new(StubEvents::default());
        let deps = GatewayDeps {
            bus: bus.clone(),
            jobs: jobs.clone(),
            events: events.clone(),
            clock: clock.clone(),
            ids,
            config,
        };
        Self {
            bus,
            jobs,
            events,
            clock,
            router: Gateway::new(deps).unwrap().router(),
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

    /// An answer whose body is not read yet.
    pub(crate) async fn open(&self, request: Request<Body>) -> Response {
        self.router.clone().call(request).await.unwrap()
    }

    /// A command without a body.
    pub(crate) async fn call(&self, method: &str, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A command with a body.
    pub(crate) async fn command(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.send(json_request(method, path, body)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Posts a job as JSON.
    pub(crate) async fn post(&self, body: impl Into<Bytes>) -> Answer {
        self.post_with(&[], body).await
    }

    /// Posts a job as JSON with further headers.
    pub(crate) async fn post_with(&self, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.post_to("/jobs", &all, body).await
    }

    pub(crate) async fn post_to(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let body: Bytes = body.into();
        let mut request = Request::post(path).header("content-length", body.len());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// The value of a metric: of the first line that begins with this.
    pub(crate) async fn metric(&self, beginning: &str) -> Option<f64> {
        let text = self.get("/metrics").await.text();
        let line = text.lines().find(|line| line.starts_with(beginning))?;
        line.rsplit(' ').next()?.parse().ok()
    }
}
