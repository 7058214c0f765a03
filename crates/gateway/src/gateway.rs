//! A gateway: what it is made of, and its router.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use contracts::Producer;
use domain::{Clock, Ids};
use ports::{EventBus, EventLog, JobStore};
use service::client::{Client, ClientBuilder, ClientError};
use service::edge::{Cors, Edge, InvalidOrigin};
use service::health::Health;
use service::metrics::MetricsError;
use tokio::sync::Semaphore;

use crate::config::GatewayConfig;
use crate::intake::Intake;
use crate::metrics::GatewayMetrics;
use crate::stores::Stores;
use crate::{api, routes};

/// What pages of other origins may do.
const METHODS: &str = "GET, POST, PUT, DELETE";

/// What a gateway needs of the outside world.
pub struct GatewayDeps {
    /// Where accepted jobs go.
    pub bus: Arc<dyn EventBus>,
    /// Where jobs are; not needed to submit a plain job.
    pub jobs: Arc<dyn JobStore>,
    /// Where dead letters are.
    pub events: Arc<dyn EventLog>,
    /// When they were accepted.
    pub clock: Arc<dyn Clock>,
    /// Names for jobs and requests that come without.
    pub ids: Arc<dyn Ids>,
    /// The rest.
    pub config: GatewayConfig,
}

/// Why a gateway could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An allowed origin is no origin.
    #[error(transparent)]
    Origin(#[from] InvalidOrigin),
    /// The client for the proxies cannot be made.
    #[error("failed to make the http client: {0}")]
    Client(#[from] ClientError),
    /// A metric is named twice.
    #[error("failed to register metrics: {0}")]
    Metrics(#[from] MetricsError),
}

/// A gateway. Cheap to clone; all clones share their bounds and metrics.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
    edge: Edge,
}

pub(crate) struct Shared {
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) config: GatewayConfig,
    pub(crate) intake: Intake,
    pub(crate) stores: Stores,
    /// Who may wait for the end of a job.
    pub(crate) waiters: Semaphore,
    /// Who may command many jobs at once.
    pub(crate) streams: Arc<Semaphore>,
    pub(crate) metrics: GatewayMetrics,
    pub(crate) health: Health,
    pub(crate) client: Client,
}

impl Shared {
    /// Who the events say they are from.
    pub(crate) fn producer(&self) -> Producer {
        Producer {
            service: Cow::Borrowed("gateway"),
            instance_id: self.config.instance_id.clone(),
            version: Cow::Borrowed(service::VERSION),
        }
    }
}

impl Gateway {
    /// Makes a gateway. Nothing is connected to until a request needs it.
    ///
    /// # Errors
    /// [`SetupError`].
    pub fn new(deps: GatewayDeps) -> Result<Self, SetupError> {
        let GatewayDeps {
            bus,
            jobs,
            events,
            clock,
            ids,
            config,
        } = deps;
        let metrics = GatewayMetrics::new()?;
        let cors = Cors::new(&config.allowed_origins, METHODS)?;
        let edge = Edge::new(Arc::clone(&ids), cors, metrics.http.clone());
        let pinged = Arc::clone(&bus);
        let health = Health::new().part("bus", move |limit| {
            let bus = Arc::clone(&pinged);
            async move { bus.ping(limit).await }
        });
        let client = ClientBuilder::new().build()?;
        // Compiles the schemas now rather than under the first request.
        contracts::validator();
        let intake = Intake::new(bus, &config);
        let stores = Stores::new(jobs, events, &config);
        let waiters = Semaphore::new(config.max_waiters.min(Semaphore::MAX_PERMITS));
        let streams = Arc::new(Semaphore::new(config.max_streams.min(Semaphore::MAX_PERMITS)));
        let shared = Shared {
            clock,
            ids,
            config,
            intake,
            stores,
            waiters,
            streams,
            metrics,
            health,
            client,
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
