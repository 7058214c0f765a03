//! The gateway: takes every command. It needs the bus; the stores only for what asks for more than submitting.

mod config;
mod limits;

use std::sync::Arc;

use gateway::GatewayDeps;

use crate::adapters;
use crate::config::{Settings, Values};
use crate::parts::Basics;
use crate::role::{Assembled, Role};
use crate::sections::Common;

pub use config::GatewaySettings;

/// The gateway.
#[derive(Clone, Copy, Debug)]
pub struct Gateway;

impl Role for Gateway {
    const NAME: &'static str = "gateway";
    const PROGRAM: &'static str = "observatory-gateway";
    const ABOUT: &'static str = "The front door of the observatory: takes jobs and every other command";
    type Config = GatewaySettings;

    fn settings() -> Settings {
        GatewaySettings::settings()
    }

    fn read(values: &mut Values<'_>) -> Option<GatewaySettings> {
        GatewaySettings::read(values)
    }

    fn common(config: &GatewaySettings) -> &Common {
        &config.common
    }

    async fn assemble(self, config: GatewaySettings) -> anyhow::Result<Assembled> {
        let basics = Basics::new();
        let bus = adapters::open_bus(&config.bus, Self::PROGRAM)?;
        let jobs = adapters::open_job_store(&config.job_store, Self::PROGRAM)?;
        let events = adapters::open_event_log(&config.event_log, Self::PROGRAM).await?;
        let instance = config.instance.clone().unwrap_or_else(|| basics.unique());
        let deps = GatewayDeps {
            bus: Arc::clone(&bus.port),
            jobs: Arc::clone(&jobs.port),
            events: Arc::clone(&events.port),
            clock: basics.clock,
            ids: basics.ids,
            config: config.named(instance),
        };
        Ok(Assembled {
            router: gateway::Gateway::new(deps)?.router(),
            work: None,
            close: vec![bus.close, jobs.close, events.close],
        })
    }
}
