//! The read model: answers every question. It needs the stores, and the bus for the depths of its queues alone.

mod config;

use std::sync::Arc;

use read_model::ReadModelDeps;

use crate::adapters;
use crate::config::{Settings, Values};
use crate::parts::Basics;
use crate::role::{Assembled, Role};
use crate::sections::Common;

pub use config::ReadModelSettings;

/// The read model.
#[derive(Clone, Copy, Debug)]
pub struct ReadModel;

impl Role for ReadModel {
    const NAME: &'static str = "read model";
    const PROGRAM: &'static str = "observatory-read-model";
    const ABOUT: &'static str = "Answers every question about the observatory: jobs, events, numbers";
    type Config = ReadModelSettings;

    fn settings() -> Settings {
        ReadModelSettings::settings()
    }

    fn read(values: &mut Values<'_>) -> Option<ReadModelSettings> {
        ReadModelSettings::read(values)
    }

    fn common(config: &ReadModelSettings) -> &Common {
        &config.common
    }

    async fn assemble(self, config: ReadModelSettings) -> anyhow::Result<Assembled> {
        let basics = Basics::new();
        let bus = adapters::open_bus(&config.bus, Self::PROGRAM)?;
        let jobs = adapters::open_job_store(&config.job_store, Self::PROGRAM)?;
        let stats = adapters::open_live_stats(&config.live_stats)?;
        let events = adapters::open_event_log(&config.event_log, Self::PROGRAM).await?;
        let deps = ReadModelDeps {
            jobs: Arc::clone(&jobs.port),
            events: Arc::clone(&events.port),
            stats: Arc::clone(&stats.port),
            bus: Arc::clone(&bus.port),
            clock: basics.clock,
            ids: basics.ids,
            config: config.read_model,
        };
        Ok(Assembled {
            router: read_model::ReadModel::new(deps)?.router(),
            work: None,
            close: vec![bus.close, jobs.close, stats.close, events.close],
        })
    }
}
