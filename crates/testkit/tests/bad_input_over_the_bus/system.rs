//! Both consumers on an embedded database, and messages for them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use contracts::{DeadLetter, JobStatus, validator};
use domain::query::Query;
use domain::{Clock, SystemClock};
use embedded::{Database, OpenOptions};
use metrics_engine::{EngineConfig, EngineDeps, EngineMetrics, MetricsEngine};
use ports::{EventBus, EventLog, Headers, JobStore, JobSummary, Message};
use processor::handlers::Echo;
use processor::{HandlerRegistry, Processor, ProcessorConfig, ProcessorDeps, ProcessorMetrics};
use serde_json::{Value, json};
use service::metrics::Metrics;
use testkit::{DataDir, wait_for};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LIMIT: Duration = Duration::from_secs(30);
pub(crate) const CREATED: &str = "job.created";
pub(crate) const PROCESSOR: &str = "processor";
pub(crate) const ENGINE: &str = "metrics-engine";

/// Both consumers, running on an embedded database.
pub(crate) struct System {
    bus: Arc<dyn EventBus>,
    pub(crate) jobs: Arc<dyn JobStore>,
    log: Arc<dyn EventLog>,
    stop: CancellationToken,
    database: Database,
    _directory: DataDir,
}

impl System {
    pub(crate) fn start() -> Self {
        let directory = DataDir::new();
        let database = Database::open(directory.path(), OpenOptions::new(Arc::new(SystemClock))).unwrap();
        let system = Self {
            bus: database.bus(),
            jobs: database.job_store(),
            log: database.event_log(),
            stop: CancellationToken::new(),
            _directory: directory,
            database,
        };
        tokio::spawn(system.processor().run(system.stop.clone(), system.stop.clone()));
        tokio::spawn(system.engine().run(system.stop.clone()));
        system
    }

    fn processor(&self) -> Processor {
        Processor::new(ProcessorDeps {
            bus: Arc::clone(&self.bus),
            jobs: Arc::clone(&self.jobs),
            clock: Arc::new(SystemClock),
            worker: "worker".to_owned(),
            handlers: HandlerRegistry::new().with("echo", Echo),
            metrics: ProcessorMetrics::register(&Metrics::new(PROCESSOR).unwrap()).unwrap(),
            config: ProcessorConfig::default(),
        })
    }

    fn engine(&self) -> MetricsEngine {
        MetricsEngine::new(EngineDeps {
            bus: Arc::clone(&self.bus),
            jobs: Arc::clone(&self.jobs),
            stats: self.database.live_stats(),
            log: Arc::clone(&self.log),
            clock: Arc::new(SystemClock),
            metrics: EngineMetrics::register(&Metrics::new(ENGINE).unwrap()).unwrap(),
            config: EngineConfig::default(),
        })
    }

    pub(crate) async fn publish(&self, messages: Vec<Message>) {
        self.bus.publish(ports::parcels(messages)).await.unwrap();
    }

    /// Publishes an echo and waits until it has completed.
    pub(crate) async fn echoes(&self, what: &str) {
        let id = Uuid::new_v4();
        self.publish(vec![message(CREATED, &envelope(&job(id)))]).await;
        wait_for(LIMIT, &format!("the job after {what}"), || async move {
            let found = self.jobs.job(id).await.unwrap().ok_or("unknown")?;
            let completed = found.summary.status == JobStatus::Completed;
            if completed { Ok(()) } else { Err("not completed") }
        })
        .await;
    }

    /// Waits until nothing is on its way any more.
    pub(crate) async fn settles(&self) {
        wait_for(LIMIT, "empty queues", || async {
            let depths = self.bus.depths().await.unwrap();
            let left: u64 = depths
                .iter()
                .map(|depth| depth.ready + depth.unacknowledged)
                .sum();
            if left == 0 {
                Ok(())
            } else {
                Err(format!("{depths:?}"))
            }
        })
        .await;
    }

    /// All jobs, newest first.
    pub(crate) async fn listed(&self) -> Vec<JobSummary> {
        let (every, now) = (Query::default(), SystemClock.now());
        let (mut cursor, mut all) = (None, Vec::new());
        loop {
            let page = self.jobs.list(&every, now, cursor.as_ref(), 1000);
            let page = page.await.unwrap();
            all.extend(page.items);
            cursor = page.next;
            if cursor.is_none() {
                return all;
            }
        }
    }

    /// All dead letters, newest first.
    pub(crate) async fn letters(&self) -> Vec<DeadLetter> {
        let page = self.log.dead_letters(None, None, 1000).await.unwrap();
        page.items.into_iter().map(|stored| stored.letter).collect()
    }

    /// Publishes a bad message; exactly these services must write one dead letter each, with their reasons.
    pub(crate) async fn assert_rejected(
        &self,
        what: &str,
        bad: Message,
        expected: &[(&str, &str)],
    ) -> Vec<DeadLetter> {
        let before = self.letters().await.len();
        self.publish(vec![bad]).await;
        self.echoes(what).await;
        self.settles().await;
        let mut letters = self.letters().await;
        letters.truncate(letters.len() - before);
        assert_eq!(letters.len(), expected.len(), "{what}: {letters:?}");
        for (service, reason) in expected {
            let letter = letters.iter().find(|letter| letter.service == *service);
            let letter = letter.unwrap_or_else(|| panic!("{what}: none of {service}: {letters:?}"));
            let told = &letter.validation_error;
            assert!(told.contains(reason), "{what}: `{reason}` is not in `{told}`");
            assert!(
                !told.contains('\n') && told.len() < 1000,
                "{what}: not one line: {told}"
            );
        }
        for letter in &letters {
            let valid = validator().dead_letter(&serde_json::to_value(letter).unwrap());
            assert_eq!(valid, Ok(()), "{what}: {letter:?}");
        }
        letters
    }

    /// As [`Self::assert_rejected`], for what neither consumer can read.
    pub(crate) async fn assert_unreadable(
        &self,
        what: &str,
        body: impl Into<Bytes>,
        reason: &str,
    ) -> Vec<DeadLetter> {
        let bad = raw(CREATED, body);
        self.assert_rejected(what, bad, &[(PROCESSOR, reason), (ENGINE, reason)])
            .await
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

pub(crate) fn job(id: Uuid) -> Value {
    json!({"id": id, "type": "echo", "status": "PENDING", "createdAt": "2026-01-02T03:04:05Z"})
}

pub(crate) fn envelope(job: &Value) -> Value {
    json!({
        "contractVersion": "1.0.0",
        "eventType": CREATED,
        "eventId": Uuid::new_v4(),
        "occurredAt": "2026-01-02T03:04:05Z",
        "producer": {"service": "test", "instanceId": "1", "version": "1.0.0"},
        "correlationId": Uuid::new_v4(),
        "idempotencyKey": "key",
        "payload": job,
    })
}

/// An envelope with a good job, of which one member is something else.
pub(crate) fn envelope_with(member: &str, value: Value) -> Value {
    let mut envelope = envelope(&job(Uuid::new_v4()));
    envelope[member] = value;
    envelope
}

/// A good envelope with a job of which one member is something else.
pub(crate) fn job_with(member: &str, value: Value) -> Value {
    let mut job = job(Uuid::new_v4());
    job[member] = value;
    envelope(&job)
}

pub(crate) fn message(routing_key: &'static str, document: &Value) -> Message {
    raw(routing_key, document.to_string())
}

pub(crate) fn raw(routing_key: &'static str, body: impl Into<Bytes>) -> Message {
    Message {
        routing_key: routing_key.into(),
        headers: Headers::default(),
        body: body.into(),
    }
}
