//! Where the broker and the stores are, and how they are known.

use crate::adapters::{self, OpenError, Port};
use crate::config::kinds::{Certificates, Count, Pem, Server as ServerKind, ServerUrl};
use crate::config::{About, Key, Preset, Settings, Values};

/// A server: where it is, and whom it is known by.
#[derive(Clone, Debug)]
pub struct Server {
    /// Where it is.
    pub url: ServerUrl,
    /// The authorities that its certificate has to lead to, where it is encrypted; the system's where there are none.
    pub authorities: Option<Pem>,
}

impl Server {
    /// The authorities in PEM.
    pub(crate) fn pem(&self) -> Option<String> {
        self.authorities.as_ref().map(|pem| pem.text.clone())
    }
}

/// The server of the job store.
#[derive(Clone, Debug)]
pub struct JobServer {
    /// Where it is.
    pub server: Server,
    /// How many connections a process has at most.
    pub connections: u32,
}

/// The settings of the bus.
pub fn bus_settings() -> Settings {
    vec![&BUS_URL, &BUS_AUTHORITIES]
}

/// The settings of the job store.
pub fn job_store_settings() -> Settings {
    vec![&JOB_STORE_URL, &JOB_STORE_AUTHORITIES, &JOB_STORE_CONNECTIONS]
}

/// The settings of the live stats.
pub fn live_stats_settings() -> Settings {
    vec![&LIVE_STATS_URL, &LIVE_STATS_AUTHORITIES]
}

/// The settings of the event log.
pub fn event_log_settings() -> Settings {
    vec![&EVENT_LOG_URL]
}

/// Reads where the bus is.
pub fn bus(values: &mut Values<'_>) -> Option<Server> {
    let server = server(values, &BUS_URL, &BUS_AUTHORITIES)?;
    let opened = adapters::dry(|| adapters::open_bus(&server, PROGRAM).map(drop));
    accepted(values, &BUS_URL, opened)?;
    Some(server)
}

/// Reads where the job store is.
pub fn job_store(values: &mut Values<'_>) -> Option<JobServer> {
    let server = server(values, &JOB_STORE_URL, &JOB_STORE_AUTHORITIES);
    let connections = values.get(&JOB_STORE_CONNECTIONS);
    let server = JobServer {
        server: server?,
        connections: u32::try_from(connections?).ok()?,
    };
    let opened = adapters::dry(|| adapters::open_job_store(&server, PROGRAM).map(drop));
    accepted(values, &JOB_STORE_URL, opened)?;
    Some(server)
}

/// Reads where the live stats are.
pub fn live_stats(values: &mut Values<'_>) -> Option<Server> {
    let server = server(values, &LIVE_STATS_URL, &LIVE_STATS_AUTHORITIES)?;
    let opened = adapters::dry(|| adapters::open_live_stats(&server).map(drop));
    accepted(values, &LIVE_STATS_URL, opened)?;
    Some(server)
}

/// Reads where the event log is. Its driver takes the authorities from the URL.
pub fn event_log(values: &mut Values<'_>) -> Option<Server> {
    let server = Server {
        url: values.get(&EVENT_LOG_URL)?,
        authorities: None,
    };
    let opened = adapters::dry_async(adapters::open_event_log(&server, PROGRAM));
    accepted(values, &EVENT_LOG_URL, opened)?;
    Some(server)
}

/// The name of connections that are never made.
const PROGRAM: &str = "observatory";

fn server(values: &mut Values<'_>, url: &Key<ServerKind>, authorities: &Key<Certificates>) -> Option<Server> {
    let (url, authorities) = (values.get(url), values.optional(authorities));
    Some(Server {
        url: url?,
        authorities: authorities?,
    })
}

/// What the driver says to a URL that looks well to us.
fn accepted(values: &mut Values<'_>, url: &Key<ServerKind>, opened: Result<(), OpenError>) -> Option<()> {
    opened.map_err(|error| values.refuse(url, error.reason)).ok()
}

static JOB_STORE_CONNECTIONS: Key<Count> = Key {
    about: About {
        path: "job_store.max_connections",
        variables: &["OBSERVATORY_JOB_STORE_MAX_CONNECTIONS"],
        option: "job-store-max-connections",
        preset: Preset::Value("12"),
        meaning: "The most connections of this process to the database",
    },
    kind: Count { min: 1, max: 1_000 },
};

static BUS_URL: Key<ServerKind> = Key {
    about: About {
        path: "bus.url",
        variables: &["OBSERVATORY_BUS_URL", "RABBITMQ_URL"],
        option: "bus-url",
        preset: Preset::Required("amqp://user:password@rabbitmq:5672"),
        meaning: "The broker of messages",
    },
    kind: ServerKind { port: Port::Bus },
};

static BUS_AUTHORITIES: Key<Certificates> = Key {
    about: About {
        path: "bus.ca_file",
        variables: &["OBSERVATORY_BUS_CA_FILE"],
        option: "bus-ca-file",
        preset: Preset::Nothing,
        meaning: "Whom it is known by where it is encrypted; the system's authorities without",
    },
    kind: Certificates,
};

static JOB_STORE_URL: Key<ServerKind> = Key {
    about: About {
        path: "job_store.url",
        variables: &["OBSERVATORY_JOB_STORE_URL", "POSTGRES_URL"],
        option: "job-store-url",
        preset: Preset::Required("postgres://user:password@postgres:5432/observatory"),
        meaning: "The database of jobs",
    },
    kind: ServerKind { port: Port::JobStore },
};

static JOB_STORE_AUTHORITIES: Key<Certificates> = Key {
    about: About {
        path: "job_store.ca_file",
        variables: &["OBSERVATORY_JOB_STORE_CA_FILE"],
        option: "job-store-ca-file",
        preset: Preset::Nothing,
        meaning: "Whom it is known by where it is encrypted; the system's authorities without",
    },
    kind: Certificates,
};

static LIVE_STATS_URL: Key<ServerKind> = Key {
    about: About {
        path: "live_stats.url",
        variables: &["OBSERVATORY_LIVE_STATS_URL", "REDIS_URL"],
        option: "live-stats-url",
        preset: Preset::Required("redis://redis:6379"),
        meaning: "The server of counters",
    },
    kind: ServerKind {
        port: Port::LiveStats,
    },
};

static LIVE_STATS_AUTHORITIES: Key<Certificates> = Key {
    about: About {
        path: "live_stats.ca_file",
        variables: &["OBSERVATORY_LIVE_STATS_CA_FILE"],
        option: "live-stats-ca-file",
        preset: Preset::Nothing,
        meaning: "Whom it is known by where it is encrypted; the system's authorities without",
    },
    kind: Certificates,
};

static EVENT_LOG_URL: Key<ServerKind> = Key {
    about: About {
        path: "event_log.url",
        variables: &["OBSERVATORY_EVENT_LOG_URL", "MONGO_URL"],
        option: "event-log-url",
        preset: Preset::Required("mongodb://user:password@mongodb:27017"),
        meaning: "The database of events and dead letters",
    },
    kind: ServerKind { port: Port::EventLog },
};
