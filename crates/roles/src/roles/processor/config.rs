//! What a processor is told.

use std::time::Duration;

use domain::duration::Span;
use processor::ProcessorConfig;
use processor::handlers::Builtin;

use super::handlers;
use crate::config::kinds::{Count, Time};
use crate::config::{About, Key, Preset, Settings, Values};
use crate::sections::{
    Common, INSTANCE, JobServer, PORT as PORTS, RETENTION, Server, bus, bus_settings, job_store,
    job_store_settings,
};

static PORT: Key<Count> = Key {
    about: About {
        path: "processor.port",
        variables: &["OBSERVATORY_LISTEN_PORT"],
        option: "port",
        preset: Preset::Value("8000"),
        meaning: "The port of metrics and health",
    },
    kind: PORTS,
};

static CONCURRENCY: Key<Count> = Key {
    about: About {
        path: "processor.concurrency",
        variables: &["OBSERVATORY_CONCURRENCY"],
        option: "concurrency",
        preset: Preset::Value("1024"),
        meaning: "How many jobs run at once",
    },
    kind: Count { min: 1, max: 65_535 },
};

static JOB_TIMEOUT: Key<Time> = Key {
    about: About {
        path: "processor.job_timeout",
        variables: &["OBSERVATORY_JOB_TIMEOUT"],
        option: "job-timeout",
        preset: Preset::Value("5m"),
        meaning: "How long one attempt may take where its job does not say",
    },
    kind: Time {
        min: Span::from_millis(1),
        max: Span::from_secs(86_400),
    },
};

static LEASE: Key<Time> = Key {
    about: About {
        path: "processor.lease",
        variables: &["OBSERVATORY_LEASE"],
        option: "lease",
        preset: Preset::Value("5s"),
        meaning: "How long a worker that is not heard of keeps its jobs before others take them",
    },
    kind: Time {
        min: Span::from_millis(500),
        max: Span::from_secs(3_600),
    },
};

static HEARTBEAT: Key<Time> = Key {
    about: About {
        path: "processor.heartbeat",
        variables: &["OBSERVATORY_HEARTBEAT"],
        option: "heartbeat",
        preset: Preset::Value("1s"),
        meaning: "How often a worker is heard of; at most half of the lease",
    },
    kind: Time {
        min: Span::from_millis(100),
        max: Span::from_secs(600),
    },
};

static REDISPATCH_AFTER: Key<Time> = Key {
    about: About {
        path: "processor.redispatch_after",
        variables: &["OBSERVATORY_REDISPATCH_AFTER"],
        option: "redispatch-after",
        preset: Preset::Value("5m"),
        meaning: "When a job whose message was lost is dispatched again",
    },
    kind: Time {
        min: Span::from_secs(10),
        max: Span::from_secs(86_400),
    },
};

/// What a processor is told.
#[derive(Clone, Debug)]
pub struct ProcessorSettings {
    /// What every role is told.
    pub common: Common,
    /// Where messages are.
    pub bus: Server,
    /// Where jobs are.
    pub job_store: JobServer,
    /// Its name, if it has one.
    pub instance: Option<String>,
    /// What the built-in handlers may do.
    pub handlers: Builtin,
    /// The rest.
    pub processor: ProcessorConfig,
}

impl ProcessorSettings {
    pub(super) fn settings() -> Settings {
        let mut settings = Common::settings(&PORT);
        settings.extend(bus_settings());
        settings.extend(job_store_settings());
        let own: Settings = vec![
            &INSTANCE,
            &CONCURRENCY,
            &JOB_TIMEOUT,
            &LEASE,
            &HEARTBEAT,
            &REDISPATCH_AFTER,
            &RETENTION,
        ];
        settings.extend(own);
        settings.extend(handlers::settings());
        settings
    }

    pub(super) fn read(values: &mut Values<'_>) -> Option<Self> {
        let common = Common::read(values, &PORT);
        let bus = bus(values);
        let job_store = job_store(values);
        let instance = values.optional(&INSTANCE);
        let handlers = handlers::read(values);
        let processor = processor(values);
        let common = common?;
        Some(Self {
            processor: ProcessorConfig {
                drain: common.drain.get(),
                ..processor?
            },
            common,
            bus: bus?,
            job_store: job_store?,
            instance: instance?,
            handlers: handlers?,
        })
    }
}

/// Claims and records are transactions on a server of several milliseconds: half of one is not felt.
const WORK_PACE: Duration = Duration::from_millis(2);
/// Soon enough for whoever looks for a job that waits.
const LEDGER_PACE: Duration = Duration::from_millis(50);

fn processor(values: &mut Values<'_>) -> Option<ProcessorConfig> {
    let concurrency = values.get(&CONCURRENCY);
    let job_timeout = values.get(&JOB_TIMEOUT);
    let (lease, heartbeat) = (values.get(&LEASE), values.get(&HEARTBEAT));
    let redispatch_after = values.get(&REDISPATCH_AFTER);
    let retention = values.get(&RETENTION);
    let (lease, heartbeat) = (lease?, heartbeat?);
    // With one beat lost a worker must still count as living.
    if heartbeat.get() * 2 > lease.get() {
        values.refuse(&HEARTBEAT, format!("more than half of the lease ({lease})"));
    }
    Some(ProcessorConfig {
        concurrency: concurrency?,
        default_timeout: job_timeout?.get(),
        lease: lease.get(),
        heartbeat: heartbeat.get(),
        redispatch_after: redispatch_after?.get(),
        retention: retention?.get(),
        work_pace: WORK_PACE,
        ledger_pace: LEDGER_PACE,
        ..ProcessorConfig::default()
    })
}
