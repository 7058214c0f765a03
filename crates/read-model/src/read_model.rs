//! A read model: what it is made of, and its router.

use std::sync::Arc;

use axum::Router;
use domain::{Clock, Ids};
use ports::{BusError, EventBus, EventLog, JobStore, LiveStats, QueueDepth};
use service::client::{Client, ClientBuilder, ClientError};
use service::edge::{Cors, Edge, InvalidOrigin};
use service::health::Health;
use service::metrics::MetricsError;
use service::problem::Problem;

use crate::config::ReadModelConfig;
use crate::metrics::ReadModelMetrics;
use crate::stats::Throughput;
use crate::stream::Hub;
use crate::{api, routes};
use service::ask::{Part, Questions};

/// What a read model needs of the outside world.
pub struct ReadModelDeps {
    /// Where jobs are.
    pub jobs: Arc<dyn JobStore>,
    /// Where events and dead letters are.
    pub events: Arc<dyn EventLog>,
    /// Where the counters are.
    pub stats: Arc<dyn LiveStats>,
    /// Asked for the depths of its queues only.
    pub bus: Arc<dyn EventBus>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Names for requests that come without.
    pub ids: Arc<dyn Ids>,
    /// The rest.
    pub config: ReadModelConfig,
}

/// Why a read model could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An allowed origin is no origin.
    #[error(transparent)]
    Origin(#[from] InvalidOrigin),
    /// The client for Alertmanager cannot be made.
    #[error("failed to make the http client: {0}")]
    Client(#[from] ClientError),
    /// A metric is named twice.
    #[error("failed to register metrics: {0}")]
    Metrics(#[from] MetricsError),
}

/// A read model. Cheap to clone; all clones share their bounds and metrics.
#[derive(Clone)]
pub struct ReadModel {
    shared: Arc<Shared>,
    edge: Edge,
}

pub(crate) struct Shared {
    pub(crate) jobs: Arc<dyn JobStore>,
    pub(crate) events: Arc<dyn EventLog>,
    pub(crate) stats: Arc<dyn LiveStats>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: ReadModelConfig,
    pub(crate) questions: Questions,
    pub(crate) throughput: Throughput,
    pub(crate) metrics: ReadModelMetrics,
    pub(crate) health: Health,
    pub(crate) client: Client,
    pub(crate) stream: Arc<Hub>,
    bus: Arc<dyn EventBus>,
}

impl Shared {
    /// How full the queues are, within the limit of a store.
    pub(crate) async fn depths(&self) -> Result<Vec<QueueDepth>, BusError> {
        let late = |_| Err(BusError::Unavailable("no answer in time".to_owned()));
        let answered = tokio::time::timeout(self.config.store_timeout, self.bus.depths()).await;
        answered.unwrap_or_else(late)
    }

    /// How many dead letters nobody has dealt with.
    pub(crate) async fn open_dead_letters(&self) -> Result<u64, Problem> {
        self.questions
            .ask(Part::EventLog, self.events.open_dead_letters())
            .await
    }
}

impl ReadModel {
    /// Makes a read model. Nothing is connected to until a request needs it.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn new(deps: ReadModelDeps) -> Result<Self, SetupError> {
        let ReadModelDeps {
            jobs,
            events,
            stats,
            bus,
            clock,
            ids,
            config,
        } = deps;
        let metrics = ReadModelMetrics::new()?;
        let cors = Cors::new(&config.allowed_origins, "GET")?;
        let edge = Edge::new(ids, cors, metrics.http.clone());
        let health = health(&jobs, &events, &stats);
        let client = ClientBuilder::new().build()?;
        let questions = Questions::new(config.store_timeout, config.max_questions);
        let throughput = Throughput::default();
        let stream = Hub::new(Arc::clone(&events), config.store_timeout, metrics.stream.clone());
        let shared = Shared {
            jobs,
            events,
            stats,
            clock,
            config,
            questions,
            throughput,
            metrics,
            health,
            client,
            stream: Arc::new(stream),
            bus,
        };
        Ok(Self {
            shared: Arc::new(shared),
            edge,
        })
    }

    /// All routes, behind the edge.
    pub fn router(&self) -> Router {
        let (router, document) = api::assemble(routes::all());
        let router = router
            .with_state(Arc::clone(&self.shared))
            .merge(document.routes());
        self.edge.clone().protect(router)
    }
}

/// The bus is no part of it: only the queue depths need it, and they say so themselves.
fn health(jobs: &Arc<dyn JobStore>, events: &Arc<dyn EventLog>, stats: &Arc<dyn LiveStats>) -> Health {
    let (jobs, events, stats) = (Arc::clone(jobs), Arc::clone(events), Arc::clone(stats));
    Health::new()
        .part(Part::JobStore.name(), move |limit| {
            let jobs = Arc::clone(&jobs);
            async move { jobs.ping(limit).await }
        })
        .part(Part::EventLog.name(), move |limit| {
            let events = Arc::clone(&events);
            async move { events.ping(limit).await }
        })
        .part(Part::LiveStats.name(), move |limit| {
            let stats = Arc::clone(&stats);
            async move { stats.ping(limit).await }
        })
}
