//! The services of an observatory: assembled over the ports, started, and stopped in the order in which work
//! flows, so that each finds what the one before it has left.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use domain::duration::Span;
use domain::{Clock, Ids, RandomIds, SystemClock};
use gateway::{Gateway, GatewayConfig, GatewayDeps};
use metrics_engine::{EngineConfig, EngineDeps, EngineMetrics, MetricsEngine};
use ports::{EventBus, Queue};
use processor::{HandlerRegistry, Processor, ProcessorConfig, ProcessorDeps, ProcessorMetrics};
use read_model::{ReadModel, ReadModelConfig, ReadModelDeps};
use service::admin;
use service::ask::Part;
use service::health::Health;
use service::http_server::{ServerLimits, serve};
use service::metrics::Metrics;
use service::shutdown::Shutdown;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use web_ui::UiConfig;

use super::UpArgs;
use super::adapters::Adapters;
use super::banner::url;
use super::listeners::{AccessPoints, Listeners, origins};

/// Every service, assembled and not running.
pub(super) struct Services {
    gateway: Router,
    read_model: Router,
    web: Router,
    admin: Router,
    processor: Processor,
    engine: MetricsEngine,
}

/// Assembles every service over the same ports.
///
/// # Errors
/// When a metric's name is taken or an allowed origin is no origin: mistakes of this program.
pub(super) fn assemble(
    args: &UpArgs,
    adapters: &Adapters,
    handlers: HandlerRegistry,
    points: &AccessPoints,
) -> anyhow::Result<Services> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn Ids> = Arc::new(RandomIds);
    let instance = ids.next().simple().to_string();
    let metrics = Metrics::new("processor")?;
    let engine = engine(args, adapters, &clock, &instance, &metrics)?;
    Ok(Services {
        gateway: gateway(adapters, &clock, &ids, points, &instance)?,
        read_model: read_model(adapters, &clock, &ids, points)?,
        web: web_ui::router(UiConfig {
            gateway_url: url(points.gateway),
            read_model_url: url(points.read_model),
        }),
        processor: processor(args, adapters, &clock, handlers, &instance, &metrics)?,
        admin: admin::router(metrics, health(adapters)).merge(engine.admin_routes()),
        engine,
    })
}

fn gateway(
    adapters: &Adapters,
    clock: &Arc<dyn Clock>,
    ids: &Arc<dyn Ids>,
    points: &AccessPoints,
    instance: &str,
) -> anyhow::Result<Router> {
    let config = GatewayConfig {
        instance_id: instance.to_owned().into(),
        allowed_origins: origins(points.web),
        alertmanager_url: std::env::var("ALERTMANAGER_URL").ok(),
        prometheus_url: std::env::var("PROMETHEUS_URL").ok(),
        ..GatewayConfig::default()
    };
    let (bus, clock, ids) = (Arc::clone(&adapters.bus), Arc::clone(clock), Arc::clone(ids));
    Ok(Gateway::new(GatewayDeps {
        bus,
        jobs: Arc::clone(&adapters.jobs),
        events: Arc::clone(&adapters.events),
        clock,
        ids,
        config,
    })?
    .router())
}

fn read_model(
    adapters: &Adapters,
    clock: &Arc<dyn Clock>,
    ids: &Arc<dyn Ids>,
    points: &AccessPoints,
) -> anyhow::Result<Router> {
    let config = ReadModelConfig {
        allowed_origins: origins(points.web),
        alertmanager_url: std::env::var("ALERTMANAGER_URL").ok(),
        ..ReadModelConfig::default()
    };
    let deps = ReadModelDeps {
        jobs: Arc::clone(&adapters.jobs),
        events: Arc::clone(&adapters.events),
        stats: Arc::clone(&adapters.stats),
        bus: Arc::clone(&adapters.bus),
        clock: Arc::clone(clock),
        ids: Arc::clone(ids),
        config,
    };
    Ok(ReadModel::new(deps)?.router())
}

fn processor(
    args: &UpArgs,
    adapters: &Adapters,
    clock: &Arc<dyn Clock>,
    handlers: HandlerRegistry,
    instance: &str,
    metrics: &Metrics,
) -> anyhow::Result<Processor> {
    let defaults = ProcessorConfig::default();
    let config = ProcessorConfig {
        concurrency: args.concurrency.map_or(defaults.concurrency, usize::from),
        drain: args.drain.map_or(defaults.drain, Span::get),
        retention: args.retention.map_or(defaults.retention, Span::get),
        ..defaults
    };
    Ok(Processor::new(ProcessorDeps {
        bus: Arc::clone(&adapters.bus),
        jobs: Arc::clone(&adapters.jobs),
        clock: Arc::clone(clock),
        worker: format!("processor-{instance}"),
        handlers,
        metrics: ProcessorMetrics::register(metrics)?,
        config,
    }))
}

fn engine(
    args: &UpArgs,
    adapters: &Adapters,
    clock: &Arc<dyn Clock>,
    instance: &str,
    metrics: &Metrics,
) -> anyhow::Result<MetricsEngine> {
    let defaults = EngineConfig::default();
    let config = EngineConfig {
        instance_id: instance.to_owned().into(),
        // The depths of the queues in this process tell of everything.
        ledger_settle: Duration::ZERO,
        retention: args.retention.map_or(defaults.retention, Span::get),
        ..defaults
    };
    Ok(MetricsEngine::new(EngineDeps {
        bus: Arc::clone(&adapters.bus),
        jobs: Arc::clone(&adapters.jobs),
        stats: Arc::clone(&adapters.stats),
        log: Arc::clone(&adapters.events),
        clock: Arc::clone(clock),
        metrics: EngineMetrics::register(metrics)?,
        config,
    }))
}

/// What the processor and the metrics engine, which share a listener, need.
fn health(adapters: &Adapters) -> Health {
    let (bus, jobs) = (Arc::clone(&adapters.bus), Arc::clone(&adapters.jobs));
    Health::new()
        .part("bus", move |limit| {
            let bus = Arc::clone(&bus);
            async move { bus.ping(limit).await }
        })
        .part(Part::JobStore.name(), move |limit| {
            let jobs = Arc::clone(&jobs);
            async move { jobs.ping(limit).await }
        })
}

impl Services {
    /// Starts everything; nothing is awaited.
    pub(super) fn start(self, listeners: Listeners, shutdown: &Shutdown) -> Running {
        let limits = ServerLimits::default();
        // Whoever watches a shutdown goes on watching until the work has ended.
        let watchers = Shutdown {
            soft: shutdown.hard.child_token(),
            hard: shutdown.hard.clone(),
        };
        let engine_stop = shutdown.hard.child_token();
        let serve_watcher =
            |listener, router| tokio::spawn(serve(listener, router, limits, watchers.clone()));
        Running {
            gateway: tokio::spawn(serve(listeners.gateway, self.gateway, limits, shutdown.clone())),
            processor: tokio::spawn(self.processor.run(shutdown.soft.clone(), shutdown.hard.clone())),
            engine: tokio::spawn(self.engine.run(engine_stop.clone())),
            watching: vec![
                serve_watcher(listeners.read_model, self.read_model),
                serve_watcher(listeners.web, self.web),
                serve_watcher(listeners.processor, self.admin),
            ],
            engine_stop,
            watchers,
        }
    }
}

/// Every service, running.
pub(super) struct Running {
    gateway: JoinHandle<()>,
    processor: JoinHandle<()>,
    engine: JoinHandle<()>,
    watching: Vec<JoinHandle<()>>,
    engine_stop: CancellationToken,
    watchers: Shutdown,
}

impl Running {
    /// Waits for the shutdown, then for each service in the order in which work flows.
    pub(super) async fn until_stopped(self, shutdown: &Shutdown, settle: Duration, bus: Arc<dyn EventBus>) {
        shutdown.soft.cancelled().await;
        ended(self.gateway).await;
        ended(self.processor).await;
        tokio::select! {
            () = shutdown.hard.cancelled() => {}
            _ = timeout(settle, drained(&*bus)) => {}
        }
        self.engine_stop.cancel();
        ended(self.engine).await;
        self.watchers.soft.cancel();
        for server in self.watching {
            ended(server).await;
        }
    }
}

/// Waits until the metrics engine has applied every event.
async fn drained(bus: &dyn EventBus) {
    while let Ok(depths) = bus.depths().await {
        let empty = |queue: Queue| {
            depths
                .iter()
                .filter(|depth| depth.queue == queue)
                .all(|d| d.ready + d.unacknowledged == 0)
        };
        if empty(Queue::Events) && empty(Queue::DeadLetters) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn ended(task: JoinHandle<()>) {
    if let Err(error) = task.await {
        tracing::error!(%error, "a service ended badly");
    }
}
