//! What a read model is told.

use domain::duration::Span;
use read_model::ReadModelConfig;

use crate::config::kinds::{Count, Time};
use crate::config::{About, Key, Preset, Settings, Values};
use crate::sections::{
    ALERTMANAGER_URL, ALLOWED_ORIGINS, Common, JobServer, PORT as PORTS, Server, bus, bus_settings,
    event_log, event_log_settings, job_store, job_store_settings, live_stats, live_stats_settings,
};

static PORT: Key<Count> = Key {
    about: About {
        path: "read_model.port",
        variables: &["OBSERVATORY_LISTEN_PORT", "PORT"],
        option: "port",
        preset: Preset::Value("8080"),
        meaning: "The port of the API",
    },
    kind: PORTS,
};

static STORE_TIMEOUT: Key<Time> = Key {
    about: About {
        path: "read_model.store_timeout",
        variables: &["OBSERVATORY_STORE_TIMEOUT"],
        option: "store-timeout",
        preset: Preset::Value("2s"),
        meaning: "The longest time that a store may take; then the client gets 503",
    },
    kind: TIMEOUT,
};

static PROXY_TIMEOUT: Key<Time> = Key {
    about: About {
        path: "read_model.proxy_timeout",
        variables: &["OBSERVATORY_PROXY_TIMEOUT"],
        option: "proxy-timeout",
        preset: Preset::Value("5s"),
        meaning: "The longest time that Alertmanager may take",
    },
    kind: TIMEOUT,
};

static MAX_QUESTIONS: Key<Count> = Key {
    about: About {
        path: "read_model.max_questions",
        variables: &["OBSERVATORY_MAX_QUESTIONS"],
        option: "max-questions",
        preset: Preset::Value("512"),
        meaning: "The most questions to the stores at once; further ones get 503",
    },
    kind: Count { min: 1, max: 65_535 },
};

const TIMEOUT: Time = Time {
    min: Span::from_millis(10),
    max: Span::from_secs(60),
};

/// What a read model is told.
#[derive(Clone, Debug)]
pub struct ReadModelSettings {
    /// What every role is told.
    pub common: Common,
    /// Asked for the depths of its queues.
    pub bus: Server,
    /// Where jobs are.
    pub job_store: JobServer,
    /// Where counters are.
    pub live_stats: Server,
    /// Where events are.
    pub event_log: Server,
    /// The rest.
    pub read_model: ReadModelConfig,
}

impl ReadModelSettings {
    pub(super) fn settings() -> Settings {
        let mut settings = Common::settings(&PORT);
        settings.extend(bus_settings());
        settings.extend(job_store_settings());
        settings.extend(live_stats_settings());
        settings.extend(event_log_settings());
        let own: Settings = vec![
            &ALLOWED_ORIGINS,
            &ALERTMANAGER_URL,
            &STORE_TIMEOUT,
            &PROXY_TIMEOUT,
            &MAX_QUESTIONS,
        ];
        settings.extend(own);
        settings
    }

    pub(super) fn read(values: &mut Values<'_>) -> Option<Self> {
        let common = Common::read(values, &PORT);
        let bus = bus(values);
        let job_store = job_store(values);
        let live_stats = live_stats(values);
        let event_log = event_log(values);
        let read_model = read_model(values);
        Some(Self {
            common: common?,
            bus: bus?,
            job_store: job_store?,
            live_stats: live_stats?,
            event_log: event_log?,
            read_model: read_model?,
        })
    }
}

fn read_model(values: &mut Values<'_>) -> Option<ReadModelConfig> {
    let allowed_origins = values.get(&ALLOWED_ORIGINS);
    let alertmanager_url = values.optional(&ALERTMANAGER_URL);
    let (store_timeout, proxy_timeout) = (values.get(&STORE_TIMEOUT), values.get(&PROXY_TIMEOUT));
    let max_questions = values.get(&MAX_QUESTIONS);
    Some(ReadModelConfig {
        allowed_origins: allowed_origins?,
        alertmanager_url: alertmanager_url?,
        proxy_timeout: proxy_timeout?.get(),
        store_timeout: store_timeout?.get(),
        max_questions: max_questions?,
    })
}
