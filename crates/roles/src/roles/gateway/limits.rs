//! The bounds of a gateway.

use domain::duration::Span;
use gateway::GatewayConfig;
use service::body::BodyLimits;

use crate::config::kinds::{Count, Time};
use crate::config::{About, Key, Preset, Settings, Values};

static PUBLISH_TIMEOUT: Key<Time> = Key {
    about: About {
        path: "gateway.publish_timeout",
        variables: &["OBSERVATORY_PUBLISH_TIMEOUT"],
        option: "publish-timeout",
        preset: Preset::Value("2s"),
        meaning: "The longest time that the bus may take to confirm; then the client gets 503",
    },
    kind: TIMEOUT,
};

static STORE_TIMEOUT: Key<Time> = Key {
    about: About {
        path: "gateway.store_timeout",
        variables: &["OBSERVATORY_STORE_TIMEOUT"],
        option: "store-timeout",
        preset: Preset::Value("2s"),
        meaning: "The longest time that a store may take; then the client gets 503",
    },
    kind: TIMEOUT,
};

static PROXY_TIMEOUT: Key<Time> = Key {
    about: About {
        path: "gateway.proxy_timeout",
        variables: &["OBSERVATORY_PROXY_TIMEOUT"],
        option: "proxy-timeout",
        preset: Preset::Value("5s"),
        meaning: "The longest time that Alertmanager and Prometheus may take",
    },
    kind: TIMEOUT,
};

static MAX_WAITING: Key<Count> = Key {
    about: About {
        path: "gateway.max_waiting",
        variables: &["OBSERVATORY_MAX_WAITING"],
        option: "max-waiting",
        preset: Preset::Value("4096"),
        meaning: "The most requests that may wait for the bus at once; further ones get 503",
    },
    kind: Count {
        min: 1,
        max: 1_000_000,
    },
};

static MAX_BATCH: Key<Count> = Key {
    about: About {
        path: "gateway.max_batch",
        variables: &["OBSERVATORY_MAX_BATCH"],
        option: "max-batch",
        preset: Preset::Value("100000"),
        meaning: "The most jobs in a batch",
    },
    kind: Count {
        min: 1,
        max: 1_000_000,
    },
};

static MAX_JOB_BYTES: Key<Count> = Key {
    about: About {
        path: "gateway.max_job_bytes",
        variables: &["OBSERVATORY_MAX_JOB_BYTES"],
        option: "max-job-bytes",
        preset: Preset::Value("1048576"),
        meaning: "The largest body of one job, in bytes",
    },
    kind: Count {
        min: 1_024,
        max: 16 * 1024 * 1024,
    },
};

static MAX_BATCH_BYTES: Key<Count> = Key {
    about: About {
        path: "gateway.max_batch_bytes",
        variables: &["OBSERVATORY_MAX_BATCH_BYTES"],
        option: "max-batch-bytes",
        preset: Preset::Value("33554432"),
        meaning: "The largest body of a batch, in bytes",
    },
    kind: Count {
        min: 1_024,
        max: 1024 * 1024 * 1024,
    },
};

static MAX_BODIES_BYTES: Key<Count> = Key {
    about: About {
        path: "gateway.max_bodies_bytes",
        variables: &["OBSERVATORY_MAX_BODIES_BYTES"],
        option: "max-bodies-bytes",
        preset: Preset::Value("268435456"),
        meaning: "The most memory that all bodies together may take, in bytes; beyond it requests get 503",
    },
    kind: Count {
        min: 1024 * 1024,
        max: 16 * 1024 * 1024 * 1024,
    },
};

const TIMEOUT: Time = Time {
    min: Span::from_millis(10),
    max: Span::from_secs(60),
};

pub(super) fn settings() -> Settings {
    vec![
        &PUBLISH_TIMEOUT,
        &STORE_TIMEOUT,
        &PROXY_TIMEOUT,
        &MAX_WAITING,
        &MAX_BATCH,
        &MAX_JOB_BYTES,
        &MAX_BATCH_BYTES,
        &MAX_BODIES_BYTES,
    ]
}

/// Reads the bounds; everything else is as it is by default.
pub(super) fn read(values: &mut Values<'_>) -> Option<GatewayConfig> {
    let defaults = GatewayConfig::default();
    let publish_timeout = values.get(&PUBLISH_TIMEOUT);
    let store_timeout = values.get(&STORE_TIMEOUT);
    let proxy_timeout = values.get(&PROXY_TIMEOUT);
    let (max_waiting, max_batch) = (values.get(&MAX_WAITING), values.get(&MAX_BATCH));
    let (job_body, batch_body, body_budget) = bodies(values, &defaults)?;
    Some(GatewayConfig {
        publish_timeout: publish_timeout?.get(),
        store_timeout: store_timeout?.get(),
        proxy_timeout: proxy_timeout?.get(),
        max_waiting: max_waiting?,
        max_batch: max_batch?,
        job_body,
        batch_body,
        body_budget,
        ..defaults
    })
}

fn bodies(values: &mut Values<'_>, defaults: &GatewayConfig) -> Option<(BodyLimits, BodyLimits, usize)> {
    let (job, batch) = (values.get(&MAX_JOB_BYTES), values.get(&MAX_BATCH_BYTES));
    let all = values.get(&MAX_BODIES_BYTES);
    let (job, batch, all) = (job?, batch?, all?);
    if all < batch {
        values.refuse(
            &MAX_BODIES_BYTES,
            format!("less than one batch may take ({batch} bytes)"),
        );
    }
    let of = |bytes, limits: BodyLimits| BodyLimits { bytes, ..limits };
    Some((of(job, defaults.job_body), of(batch, defaults.batch_body), all))
}
