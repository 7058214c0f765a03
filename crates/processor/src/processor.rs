//! The processor as a whole: what it is made of, its start and its two-stage stop.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use jiff::Timestamp;
use ports::{ClaimTicket, EventBus, JobStore, Parcel, persist};
use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::attempt::Runner;
use crate::config::ProcessorConfig;
use crate::metrics::ProcessorMetrics;
use crate::publish::Scribe;
use crate::recorder::Finished;
use crate::registry::HandlerRegistry;
use crate::running::Running;
use crate::store_clock::StoreClock;
use crate::{cancellations, intake, lease, ledger, recorder, relay, retention, scheduler};

/// What a processor is made of.
pub struct ProcessorDeps {
    /// Where work comes from and events go.
    pub bus: Arc<dyn EventBus>,
    /// The authority on every job.
    pub jobs: Arc<dyn JobStore>,
    /// The time on this machine; a job store with a clock of its own corrects it.
    pub clock: Arc<dyn Clock>,
    /// Names this worker; must never have been used before, since its leases and tokens are told by it.
    pub worker: String,
    /// Which types of job it can run.
    pub handlers: HandlerRegistry,
    /// What it counts.
    pub metrics: ProcessorMetrics,
    /// Its settings.
    pub config: ProcessorConfig,
}

/// What the parts of a processor share.
pub(crate) struct Shared {
    pub(crate) bus: Arc<dyn EventBus>,
    pub(crate) jobs: Arc<dyn JobStore>,
    pub(crate) clock: Arc<StoreClock>,
    pub(crate) config: ProcessorConfig,
    pub(crate) metrics: ProcessorMetrics,
    pub(crate) scribe: Scribe,
    pub(crate) runner: Runner,
    pub(crate) running: Running,
    pub(crate) finished: mpsc::Sender<Finished>,
    /// Attempts that are not recorded, published and acknowledged yet.
    pub(crate) attempts: TaskTracker,
    pub(crate) outbox_filled: Notify,
    /// Told when a job that was held back may start.
    pub(crate) room: Notify,
    /// The places of attempts that run at once.
    pub(crate) slots: Arc<Semaphore>,
    /// Cancelled first: nothing new is taken.
    pub(crate) intake: CancellationToken,
    /// Cancelled second: running attempts end and are handed back.
    pub(crate) hand_back: CancellationToken,
    /// Cancelled last: everything ends where it is.
    pub(crate) hard: CancellationToken,
}

impl Shared {
    /// Publishes with patience; `false` only when the processor stops hard.
    pub(crate) async fn publish(&self, messages: Vec<Arc<Parcel>>) -> bool {
        if messages.is_empty() {
            return true;
        }
        let call = || self.bus.publish(messages.clone());
        persist("publish", self.config.call_limit, &self.hard, call)
            .await
            .is_ok()
    }

    pub(crate) fn ticket(&self) -> ClaimTicket {
        // 63 random bits, not 0: never used before for all that matters.
        let claim = (rand::random::<u64>() >> 1).max(1);
        ClaimTicket {
            worker: self.runner.worker.clone(),
            claim,
            now: self.clock.now(),
        }
    }

    pub(crate) fn after(&self, pause: Duration) -> Timestamp {
        self.clock.now().saturating_add(pause).unwrap_or(Timestamp::MAX)
    }

    pub(crate) fn redispatch_at(&self) -> Timestamp {
        self.after(self.config.redispatch_after)
    }
}

/// A processor, made but not running.
pub struct Processor {
    shared: Arc<Shared>,
    finished: mpsc::Receiver<Finished>,
}

impl Processor {
    /// Puts a processor together.
    pub fn new(deps: ProcessorDeps) -> Self {
        let concurrency = deps.config.concurrency.clamp(1, Semaphore::MAX_PERMITS);
        let (sender, finished) = mpsc::channel(concurrency);
        let slots = Arc::new(Semaphore::new(concurrency));
        let clock = Arc::new(StoreClock::new(deps.clock));
        let runner = Runner {
            handlers: deps.handlers,
            default_timeout: deps.config.default_timeout,
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            worker: deps.worker.clone(),
            cancel_grace: deps.config.cancel_grace,
        };
        let shared = Arc::new(Shared {
            bus: deps.bus,
            jobs: deps.jobs,
            clock,
            config: deps.config,
            metrics: deps.metrics,
            scribe: Scribe::new(deps.worker),
            runner,
            running: Running::default(),
            finished: sender,
            attempts: TaskTracker::new(),
            outbox_filled: Notify::new(),
            room: Notify::new(),
            slots,
            intake: CancellationToken::new(),
            hand_back: CancellationToken::new(),
            hard: CancellationToken::new(),
        });
        Self { shared, finished }
    }

    /// Runs until `soft` is cancelled and everything is finished or handed back, or until `hard` is.
    pub async fn run(self, soft: CancellationToken, hard: CancellationToken) {
        let Self { shared, finished } = self;
        let loops = TaskTracker::new();
        loops.spawn(relay::run(Arc::clone(&shared)));
        loops.spawn(relay::announce(Arc::clone(&shared)));
        let recording = tokio::spawn(recorder::run(Arc::clone(&shared), finished));

        let stopped = hard.clone();
        let work = async {
            if begin(&shared, &soft).await {
                loops.spawn(lease::run(Arc::clone(&shared)));
                loops.spawn(cancellations::run(Arc::clone(&shared)));
                let takers = TaskTracker::new();
                takers.spawn(intake::run(Arc::clone(&shared)));
                takers.spawn(ledger::run(Arc::clone(&shared)));
                takers.spawn(scheduler::run(Arc::clone(&shared)));
                takers.spawn(retention::run(Arc::clone(&shared)));
                takers.close();
                soft.cancelled().await;
                shared.intake.cancel();
                // While a store or the bus is away a taker would wait for it for ever; what it holds comes again.
                if timeout(shared.config.call_limit, takers.wait()).await.is_err() {
                    tracing::warn!("intake still waits for a store or the bus, stopping without it");
                }
                drain(&shared).await;
            }
        };
        tokio::select! {
            () = work => {}
            () = stopped.cancelled() => {}
        }
        shared.intake.cancel();
        shared.hand_back.cancel();
        shared.hard.cancel();
        loops.close();
        loops.wait().await;
        recording.abort();
    }
}

/// Learns the time, takes the lease and the attempts of the dead, before any work; `false` when the processor is stopped
/// first.
async fn begin(shared: &Shared, soft: &CancellationToken) -> bool {
    let limit = shared.config.call_limit;
    let told = persist("time", limit, soft, || lease::tell_time(shared)).await;
    if told.is_err() {
        return false;
    }
    let started = persist("heartbeat", limit, soft, || lease::renew(shared)).await;
    if started.is_err() {
        return false;
    }
    lease::reap(shared).await;
    true
}

/// Lets running attempts finish, hands back the rest, and waits until all of it is recorded and published.
async fn drain(shared: &Shared) {
    shared.attempts.close();
    if timeout(shared.config.drain, shared.attempts.wait())
        .await
        .is_err()
    {
        tracing::info!(attempts = shared.running.len(), "handing back what still runs");
    }
    shared.hand_back.cancel();
    if timeout(shared.config.call_limit, shared.attempts.wait())
        .await
        .is_err()
    {
        tracing::warn!("results not recorded in time; their attempts will be reaped");
    }
    if let Ok(Err(error)) = timeout(
        shared.config.call_limit,
        shared.jobs.retire(&shared.runner.worker),
    )
    .await
    {
        tracing::warn!(%error, "lease not ended, it runs out by itself");
    }
}
