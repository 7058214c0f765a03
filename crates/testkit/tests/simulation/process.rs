//! One process of the embedded observatory: opened, running, dead.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, SystemClock};
use embedded::{Database, OpenOptions};
use jiff::{SignedDuration, Timestamp};
use metrics_engine::{EngineConfig, EngineDeps, EngineMetrics, MetricsEngine};
use ports::{EventBus, EventLog, JobStore, LiveStats};
use processor::{HandlerRegistry, Processor, ProcessorConfig, ProcessorDeps, ProcessorMetrics};
use service::metrics::Metrics;
use testkit::{FaultPlan, FaultRates, FaultyBus, FaultyEventLog, FaultyJobStore, FaultyLiveStats};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// The processors that share the work, by how far their machines' clocks are ahead.
const CLOCKS: [SignedDuration; 2] = [SignedDuration::from_hours(1), SignedDuration::from_hours(-1)];

/// How long a soft stop may take: many times what its parts are given by [`impatient`].
const SOFT_LIMIT: Duration = Duration::from_secs(4);

/// How long a hard stop may take.
const HARD_LIMIT: Duration = Duration::from_secs(20);

/// The clock of a machine that nobody set.
struct OffClock(SignedDuration);

impl Clock for OffClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().saturating_add(self.0).unwrap_or(Timestamp::MAX)
    }
}

/// What goes wrong: the bus and the stores have faults and outages of their own.
pub(crate) struct Plans {
    pub(crate) bus: Arc<FaultPlan>,
    pub(crate) stores: Arc<FaultPlan>,
}

impl Plans {
    pub(crate) fn new(seed: u64, rates: FaultRates) -> Self {
        Self {
            bus: FaultPlan::new(seed, rates),
            stores: FaultPlan::new(!seed, rates),
        }
    }

    pub(crate) fn switch(&self, on: bool) {
        self.bus.switch(on);
        self.stores.switch(on);
    }

    pub(crate) fn injected(&self) -> u64 {
        self.bus.injected() + self.stores.injected()
    }
}

/// A running process.
pub(crate) struct Process {
    runtime: Runtime,
    database: Database,
    bus: Arc<dyn EventBus>,
    soft: CancellationToken,
    hard: CancellationToken,
    services: Vec<JoinHandle<()>>,
}

impl Process {
    /// Opens the database and starts all services, whose names begin with `name`.
    pub(crate) fn start(
        directory: &Path,
        options: OpenOptions,
        plans: &Plans,
        handlers: &HandlerRegistry,
        name: &str,
    ) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime needs nothing but threads");
        let database = Database::open(directory, options);
        let database = database.expect("the database opens after every crash");
        let bus: Arc<dyn EventBus> = Arc::new(FaultyBus::new(database.bus(), Arc::clone(&plans.bus)));
        let mut process = Self {
            runtime,
            database,
            bus,
            soft: CancellationToken::new(),
            hard: CancellationToken::new(),
            services: Vec::new(),
        };
        for (number, ahead) in CLOCKS.into_iter().enumerate() {
            process.add_processor(plans, handlers, format!("{name}-{number}"), OffClock(ahead));
        }
        process.add_engine(plans);
        process
    }

    fn add_processor(&mut self, plans: &Plans, handlers: &HandlerRegistry, worker: String, clock: OffClock) {
        let metrics = Metrics::new("processor").and_then(|metrics| ProcessorMetrics::register(&metrics));
        let processor = Processor::new(ProcessorDeps {
            bus: Arc::clone(&self.bus),
            jobs: self.faulty_jobs(plans),
            clock: Arc::new(clock),
            worker,
            handlers: handlers.clone(),
            metrics: metrics.expect("the names of metrics are good"),
            config: impatient(),
        });
        let run = processor.run(self.soft.clone(), self.hard.clone());
        self.services.push(self.runtime.spawn(run));
    }

    fn add_engine(&mut self, plans: &Plans) {
        let metrics = Metrics::new("metrics-engine").and_then(|metrics| EngineMetrics::register(&metrics));
        let engine = MetricsEngine::new(EngineDeps {
            bus: Arc::clone(&self.bus),
            jobs: self.faulty_jobs(plans),
            stats: Arc::new(FaultyLiveStats::new(
                self.database.live_stats(),
                Arc::clone(&plans.stores),
            )),
            log: Arc::new(FaultyEventLog::new(
                self.database.event_log(),
                Arc::clone(&plans.stores),
            )),
            clock: Arc::new(SystemClock),
            metrics: metrics.expect("the names of metrics are good"),
            config: EngineConfig {
                completeness_tick: Duration::from_millis(100),
                ledger_settle: Duration::ZERO,
                call_limit: Duration::from_millis(500),
                ..EngineConfig::default()
            },
        });
        self.services
            .push(self.runtime.spawn(engine.run(self.soft.clone())));
    }

    /// Runs something beside the services.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The bus as clients see it: with faults.
    pub(crate) fn bus(&self) -> Arc<dyn EventBus> {
        Arc::clone(&self.bus)
    }

    /// The bus without faults.
    pub(crate) fn true_bus(&self) -> Arc<dyn EventBus> {
        self.database.bus()
    }

    pub(crate) fn jobs(&self) -> Arc<dyn JobStore> {
        self.database.job_store()
    }

    /// The job store as clients see it: with faults.
    pub(crate) fn faulty_jobs(&self, plans: &Plans) -> Arc<dyn JobStore> {
        let plan = Arc::clone(&plans.stores);
        Arc::new(FaultyJobStore::new(self.database.job_store(), plan).with_clock(Arc::new(SystemClock)))
    }

    /// Runs something beside the services until the process ends.
    pub(crate) fn beside(&self, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        self.runtime.spawn(work)
    }

    pub(crate) fn log(&self) -> Arc<dyn EventLog> {
        self.database.event_log()
    }

    pub(crate) fn stats(&self) -> Arc<dyn LiveStats> {
        self.database.live_stats()
    }

    /// Dies between any two steps: nothing is finished, nothing closed.
    pub(crate) fn crash(self) {
        let Self {
            runtime,
            database,
            bus,
            ..
        } = self;
        drop(bus);
        drop(database);
        runtime.shutdown_background();
    }

    /// Stops in order, like a process that gets a signal: first softly, then, when that takes too long, at once.
    /// Says whether the soft stop was enough.
    pub(crate) fn stop(self) -> bool {
        self.soft.cancel();
        let Self {
            runtime,
            database,
            services,
            bus,
            hard,
            ..
        } = self;
        let mut softly = true;
        runtime.block_on(async {
            let mut ending = std::pin::pin!(ended(services));
            softly = timeout(SOFT_LIMIT, &mut ending).await.is_ok();
            if !softly {
                hard.cancel();
                timeout(HARD_LIMIT, ending)
                    .await
                    .expect("a service stops when it is told to stop at once");
            }
        });
        drop(bus);
        database.close();
        runtime.shutdown_background();
        softly
    }
}

async fn ended(services: Vec<JoinHandle<()>>) {
    for service in services {
        service.await.expect("a service does not panic");
    }
}

/// Everything that takes seconds takes parts of one.
fn impatient() -> ProcessorConfig {
    ProcessorConfig {
        concurrency: 48,
        default_timeout: Duration::from_secs(5),
        lease: Duration::from_millis(400),
        heartbeat: Duration::from_millis(80),
        schedule_tick: Duration::from_millis(20),
        cancel_tick: Duration::from_millis(20),
        cancel_grace: Duration::from_millis(200),
        relay_tick: Duration::from_millis(40),
        redispatch_after: Duration::from_secs(2),
        drain: Duration::from_millis(100),
        call_limit: Duration::from_millis(500),
        ..ProcessorConfig::default()
    }
}
