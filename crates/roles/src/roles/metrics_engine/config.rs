//! What a metrics engine is told.

use std::time::Duration;

use metrics_engine::EngineConfig;

use crate::config::kinds::Count;
use crate::config::{About, Key, Preset, Settings, Values};
use crate::sections::{
    Common, INSTANCE, JobServer, PORT as PORTS, RETENTION, Server, bus, bus_settings, event_log,
    event_log_settings, job_store, job_store_settings, live_stats, live_stats_settings,
};

/// The published system's has none; 8001 is where its Redis browser is.
static PORT: Key<Count> = Key {
    about: About {
        path: "metrics_engine.port",
        variables: &["OBSERVATORY_LISTEN_PORT"],
        option: "port",
        preset: Preset::Value("8002"),
        meaning: "The port of metrics and health",
    },
    kind: PORTS,
};

static PREFETCH: Key<Count> = Key {
    about: About {
        path: "metrics_engine.prefetch",
        variables: &["OBSERVATORY_PREFETCH"],
        option: "prefetch",
        preset: Preset::Value("2048"),
        meaning: "How many events are held at once, and at most applied together",
    },
    kind: Count { min: 1, max: 65_535 },
};

/// What a metrics engine is told.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// What every role is told.
    pub common: Common,
    /// Where events come from.
    pub bus: Server,
    /// Where jobs are.
    pub job_store: JobServer,
    /// Where events are counted.
    pub live_stats: Server,
    /// Where events are kept.
    pub event_log: Server,
    /// Its name, if it has one.
    pub instance: Option<String>,
    /// The rest.
    pub engine: EngineConfig,
}

/// Nobody sees numbers change faster.
const PACE: Duration = Duration::from_millis(25);

impl EngineSettings {
    pub(super) fn settings() -> Settings {
        let mut settings = Common::settings(&PORT);
        settings.extend(bus_settings());
        settings.extend(job_store_settings());
        settings.extend(live_stats_settings());
        settings.extend(event_log_settings());
        let own: Settings = vec![&INSTANCE, &PREFETCH, &RETENTION];
        settings.extend(own);
        settings
    }

    pub(super) fn read(values: &mut Values<'_>) -> Option<Self> {
        let common = Common::read(values, &PORT);
        let bus = bus(values);
        let job_store = job_store(values);
        let live_stats = live_stats(values);
        let event_log = event_log(values);
        let instance = values.optional(&INSTANCE);
        let (prefetch, retention) = (values.get(&PREFETCH), values.get(&RETENTION));
        Some(Self {
            common: common?,
            bus: bus?,
            job_store: job_store?,
            live_stats: live_stats?,
            event_log: event_log?,
            instance: instance?,
            engine: EngineConfig {
                prefetch: prefetch?,
                retention: retention?.get(),
                pace: PACE,
                ..EngineConfig::default()
            },
        })
    }
}
