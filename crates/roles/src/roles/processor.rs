//! The processor: runs jobs. It needs the bus and the job store.

mod config;
mod handlers;

use std::sync::Arc;

use processor::{HandlerRegistry, ProcessorDeps, ProcessorMetrics};
use service::admin;
use service::health::Health;
use service::metrics::Metrics;

use crate::adapters;
use crate::config::{Settings, Values};
use crate::parts::{Basics, needs_bus, needs_jobs};
use crate::role::{Assembled, Role};
use crate::sections::Common;

pub use config::ProcessorSettings;

type Extend = Box<dyn FnOnce(HandlerRegistry) -> HandlerRegistry + Send>;

/// The processor.
pub struct Processor {
    extend: Extend,
}

impl Processor {
    /// With the built-in handlers.
    pub fn builtin() -> Self {
        Self::with(|handlers| handlers)
    }

    /// With handlers of one's own: `extend` gets the built-in ones and gives what the processor runs with.
    pub fn with(extend: impl FnOnce(HandlerRegistry) -> HandlerRegistry + Send + 'static) -> Self {
        Self {
            extend: Box::new(extend),
        }
    }
}

impl Role for Processor {
    const NAME: &'static str = "processor";
    const PROGRAM: &'static str = "observatory-processor";
    const ABOUT: &'static str = "The worker of the observatory: runs jobs; several of them share the work";
    type Config = ProcessorSettings;

    fn settings() -> Settings {
        ProcessorSettings::settings()
    }

    fn read(values: &mut Values<'_>) -> Option<ProcessorSettings> {
        ProcessorSettings::read(values)
    }

    fn common(config: &ProcessorSettings) -> &Common {
        &config.common
    }

    async fn assemble(self, config: ProcessorSettings) -> anyhow::Result<Assembled> {
        let basics = Basics::new();
        let bus = adapters::open_bus(&config.bus, Self::PROGRAM)?;
        let jobs = adapters::open_job_store(&config.job_store, Self::PROGRAM)?;
        let metrics = Metrics::new(Self::NAME)?;
        let health = needs_jobs(needs_bus(Health::new(), &bus.port), &jobs.port);
        let processor = processor::Processor::new(ProcessorDeps {
            bus: Arc::clone(&bus.port),
            jobs: Arc::clone(&jobs.port),
            worker: worker(config.instance.as_deref(), &basics),
            clock: basics.clock,
            handlers: (self.extend)(config.handlers.registry()?),
            metrics: ProcessorMetrics::register(&metrics)?,
            config: config.processor,
        });
        Ok(Assembled {
            router: admin::router(metrics, health),
            work: Some(Box::new(|shutdown| {
                Box::pin(processor.run(shutdown.soft, shutdown.hard))
            })),
            close: vec![bus.close, jobs.close],
        })
    }
}

/// The name of a worker is never used again, since leases and tokens are told by it: also not by a process that is
/// started again under the same name.
fn worker(instance: Option<&str>, basics: &Basics) -> String {
    let unique = basics.unique();
    match instance {
        Some(instance) => format!("processor-{instance}-{unique}"),
        None => format!("processor-{unique}"),
    }
}
