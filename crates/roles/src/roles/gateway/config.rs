//! What a gateway is told.

use gateway::GatewayConfig;

use super::limits;
use crate::config::kinds::Count;
use crate::config::{About, Key, Preset, Settings, Values};
use crate::sections::{
    ALERTMANAGER_URL, ALLOWED_ORIGINS, Common, INSTANCE, JobServer, PORT as PORTS, PROMETHEUS_URL, Server,
    bus, bus_settings, event_log, event_log_settings, job_store, job_store_settings,
};

static PORT: Key<Count> = Key {
    about: About {
        path: "gateway.port",
        variables: &["OBSERVATORY_LISTEN_PORT", "PORT"],
        option: "port",
        preset: Preset::Value("3000"),
        meaning: "The port of the API",
    },
    kind: PORTS,
};

/// What a gateway is told.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    /// What every role is told.
    pub common: Common,
    /// Where messages go.
    pub bus: Server,
    /// Where jobs are.
    pub job_store: JobServer,
    /// Where dead letters are.
    pub event_log: Server,
    /// Its name, if it has one.
    pub instance: Option<String>,
    /// The rest, without its name.
    gateway: GatewayConfig,
}

impl GatewaySettings {
    pub(super) fn settings() -> Settings {
        let mut settings = Common::settings(&PORT);
        settings.extend(bus_settings());
        settings.extend(job_store_settings());
        settings.extend(event_log_settings());
        let own: Settings = vec![&INSTANCE, &ALLOWED_ORIGINS, &ALERTMANAGER_URL, &PROMETHEUS_URL];
        settings.extend(own);
        settings.extend(limits::settings());
        settings
    }

    pub(super) fn read(values: &mut Values<'_>) -> Option<Self> {
        let common = Common::read(values, &PORT);
        let bus = bus(values);
        let job_store = job_store(values);
        let event_log = event_log(values);
        let instance = values.optional(&INSTANCE);
        let gateway = gateway(values);
        Some(Self {
            common: common?,
            bus: bus?,
            job_store: job_store?,
            event_log: event_log?,
            instance: instance?,
            gateway: gateway?,
        })
    }

    /// The settings of the service under this name.
    pub(crate) fn named(&self, instance: String) -> GatewayConfig {
        GatewayConfig {
            instance_id: instance.into(),
            ..self.gateway.clone()
        }
    }
}

fn gateway(values: &mut Values<'_>) -> Option<GatewayConfig> {
    let allowed_origins = values.get(&ALLOWED_ORIGINS);
    let alertmanager_url = values.optional(&ALERTMANAGER_URL);
    let prometheus_url = values.optional(&PROMETHEUS_URL);
    let limits = limits::read(values);
    Some(GatewayConfig {
        allowed_origins: allowed_origins?,
        alertmanager_url: alertmanager_url?,
        prometheus_url: prometheus_url?,
        ..limits?
    })
}
