//! What every role is told.

use domain::duration::Span;

use super::{Listen, Log, Threads};
use crate::config::kinds::{Count, Time};
use crate::config::{About, Key, Preset, Settings, Values};

static DRAIN: Key<Time> = Key {
    about: About {
        path: "shutdown.drain",
        variables: &["OBSERVATORY_DRAIN"],
        option: "drain",
        preset: Preset::Value("5s"),
        meaning: "How long running jobs and requests may go on after the first signal",
    },
    kind: Time {
        min: Span::ZERO,
        max: Span::from_secs(3_600),
    },
};

/// What every role is told.
#[derive(Clone, Debug)]
pub struct Common {
    /// What is logged.
    pub log: Log,
    /// Where it listens.
    pub listen: Listen,
    /// What it runs on.
    pub threads: Threads,
    /// How long what runs may go on after the first signal.
    pub drain: Span,
}

impl Common {
    /// The settings of a role that listens on `port`.
    pub fn settings(port: &'static Key<Count>) -> Settings {
        let mut settings: Settings = vec![port];
        settings.extend(Listen::settings());
        settings.extend(Log::settings());
        settings.extend(Threads::settings());
        settings.push(&DRAIN);
        settings
    }

    /// Reads them.
    pub fn read(values: &mut Values<'_>, port: &Key<Count>) -> Option<Self> {
        let listen = Listen::read(values, port);
        let log = Log::read(values);
        let threads = Threads::read(values);
        let drain = values.get(&DRAIN);
        Some(Self {
            log: log?,
            listen: listen?,
            threads: threads?,
            drain: drain?,
        })
    }
}
