//! The settings that roles share, in small sections. Each is a struct with its keys beside it.

mod common;
mod listen;
mod log;
mod pages;
mod runtime;
mod servers;
mod watchers;

pub use common::Common;
pub use listen::{Listen, PORT};
pub use log::Log;
pub use pages::ALLOWED_ORIGINS;
pub use runtime::Threads;
pub use servers::{
    JobServer, Server, bus, bus_settings, event_log, event_log_settings, job_store, job_store_settings,
    live_stats, live_stats_settings,
};
pub use watchers::{ALERTMANAGER_URL, PROMETHEUS_URL};

use domain::duration::Span;

use crate::config::kinds::{Name, Time};
use crate::config::{About, Key, Preset};

/// How long what has ended is kept.
pub static RETENTION: Key<Time> = Key {
    about: About {
        path: "retention.keep",
        variables: &["OBSERVATORY_RETENTION"],
        option: "retention",
        preset: Preset::Value("7d"),
        meaning: "How long ended jobs, events and dead letters are kept",
    },
    kind: Time {
        min: Span::from_secs(1),
        max: Span::from_secs(3650 * 86_400),
    },
};

/// The name of this running copy.
pub static INSTANCE: Key<Name> = Key {
    about: About {
        path: "instance.name",
        variables: &["OBSERVATORY_INSTANCE", "HOSTNAME"],
        option: "instance",
        preset: Preset::Nothing,
        meaning: "Names this copy of the role in what it emits; a random name where there is none",
    },
    kind: Name {
        longest: 200,
        what: "name",
    },
};
