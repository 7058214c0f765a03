//! What is logged, and how.

use crate::config::kinds::{LogFilter, LogFormatChoice, LogFormats};
use crate::config::{About, Key, Preset, Settings, Values};

static FILTER: Key<LogFilter> = Key {
    about: About {
        path: "log.filter",
        variables: &["OBSERVATORY_LOG", "RUST_LOG"],
        option: "log-filter",
        preset: Preset::Value("info"),
        meaning: "Which log lines are written",
    },
    kind: LogFilter,
};

static FORMAT: Key<LogFormats> = Key {
    about: About {
        path: "log.format",
        variables: &["OBSERVATORY_LOG_FORMAT"],
        option: "log-format",
        preset: Preset::Value("auto"),
        meaning: "How log lines are written; auto is text on a terminal and JSON elsewhere",
    },
    kind: LogFormats,
};

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct Log {
    /// Which lines.
    pub filter: String,
    /// How.
    pub format: LogFormatChoice,
}

impl Log {
    pub(super) fn settings() -> Settings {
        vec![&FILTER, &FORMAT]
    }

    pub(super) fn read(values: &mut Values<'_>) -> Option<Self> {
        let (filter, format) = (values.get(&FILTER), values.get(&FORMAT));
        Some(Self {
            filter: filter?,
            format: format?,
        })
    }
}
