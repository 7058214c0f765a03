//! The metrics engine: derives live stats and event log. It needs the bus, both of them, and the job store, from which
//! they are rebuilt where they were lost.

mod config;

use std::sync::Arc;

use metrics_engine::{EngineConfig, EngineDeps, EngineMetrics};
use service::admin;
use service::health::Health;
use service::metrics::Metrics;
use service::shutdown::Shutdown;

use crate::adapters;
use crate::config::{Settings, Values};
use crate::parts::{Basics, needs_bus, needs_events, needs_jobs, needs_stats};
use crate::role::{Assembled, Role};
use crate::sections::Common;

pub use config::EngineSettings;

/// The metrics engine.
#[derive(Clone, Copy, Debug)]
pub struct MetricsEngine;

impl Role for MetricsEngine {
    const NAME: &'static str = "metrics engine";
    const PROGRAM: &'static str = "observatory-metrics-engine";
    const ABOUT: &'static str = "Derives counters and history from the events of the observatory";
    type Config = EngineSettings;

    fn settings() -> Settings {
        EngineSettings::settings()
    }

    fn read(values: &mut Values<'_>) -> Option<EngineSettings> {
        EngineSettings::read(values)
    }

    fn common(config: &EngineSettings) -> &Common {
        &config.common
    }

    async fn assemble(self, config: EngineSettings) -> anyhow::Result<Assembled> {
        let basics = Basics::new();
        let bus = adapters::open_bus(&config.bus, Self::PROGRAM)?;
        let jobs = adapters::open_job_store(&config.job_store, Self::PROGRAM)?;
        let stats = adapters::open_live_stats(&config.live_stats)?;
        let events = adapters::open_event_log(&config.event_log, Self::PROGRAM).await?;
        let metrics = Metrics::new("metrics-engine")?;
        let health = needs_jobs(needs_bus(Health::new(), &bus.port), &jobs.port);
        let health = needs_events(needs_stats(health, &stats.port), &events.port);
        let engine = metrics_engine::MetricsEngine::new(EngineDeps {
            bus: Arc::clone(&bus.port),
            jobs: Arc::clone(&jobs.port),
            stats: Arc::clone(&stats.port),
            log: Arc::clone(&events.port),
            clock: Arc::clone(&basics.clock),
            metrics: EngineMetrics::register(&metrics)?,
            config: EngineConfig {
                instance_id: config.instance.unwrap_or_else(|| basics.unique()).into(),
                ..config.engine
            },
        });
        Ok(Assembled {
            router: admin::router(metrics, health).merge(engine.admin_routes()),
            work: Some(Box::new(|shutdown| Box::pin(work(engine, shutdown)))),
            close: vec![bus.close, jobs.close, stats.close, events.close],
        })
    }
}

/// What was applied and not acknowledged comes again, so the engine may be dropped wherever it is.
async fn work(engine: metrics_engine::MetricsEngine, shutdown: Shutdown) {
    tokio::select! {
        () = engine.run(shutdown.soft) => {}
        () = shutdown.hard.cancelled() => {}
    }
}
