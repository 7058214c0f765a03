//! Logs of the process, to standard error.

use std::io::IsTerminal;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::SubscriberBuilder;
use tracing_subscriber::fmt::format::{DefaultFields, Format};

/// The variables that hold the filter, the first one that is set wins.
const FILTER_VARIABLES: [&str; 2] = ["OBSERVATORY_LOG", "RUST_LOG"];

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For a person; coloured on a terminal.
    #[default]
    Text,
    /// One JSON object per line.
    Json,
}

/// A name that is no log format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown log format `{0}`, expected text or json")]
pub struct UnknownLogFormat(pub String);

impl FromStr for LogFormat {
    type Err = UnknownLogFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            other => Err(UnknownLogFormat(other.to_owned())),
        }
    }
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter does not read.
    #[error("log filter `{filter}` does not read: {reason}")]
    Filter {
        /// The filter.
        filter: String,
        /// The reason.
        reason: String,
    },
    /// Somebody else has set up logging.
    #[error("logging is set up already")]
    AlreadySet,
}

/// Sets up logging for the process, once.
///
/// The filter comes from `OBSERVATORY_LOG` or `RUST_LOG` and is `default_filter` (such as `info`) otherwise.
///
/// # Errors
/// [`TelemetryError`].
pub fn init(format: LogFormat, default_filter: &str) -> Result<(), TelemetryError> {
    set_up(format, filter(default_filter, |name| std::env::var(name).ok())?)
}

/// As [`init`], with a filter that was decided elsewhere: no variable is looked at.
///
/// # Errors
/// [`TelemetryError`].
pub fn init_with(format: LogFormat, filter: &str) -> Result<(), TelemetryError> {
    set_up(format, parse(filter)?)
}

/// Whether a log filter reads.
///
/// # Errors
/// [`TelemetryError::Filter`].
pub fn check_filter(filter: &str) -> Result<(), TelemetryError> {
    parse(filter).map(drop)
}

fn set_up(format: LogFormat, filter: EnvFilter) -> Result<(), TelemetryError> {
    let done = match format {
        LogFormat::Text => builder(filter).with_ansi(wants_colour()).try_init(),
        LogFormat::Json => builder(filter).json().flatten_event(true).try_init(),
    };
    done.map_err(|_| TelemetryError::AlreadySet)
}

fn builder(
    filter: EnvFilter,
) -> SubscriberBuilder<DefaultFields, Format, EnvFilter, fn() -> std::io::Stderr> {
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr as fn() -> std::io::Stderr)
}

fn wants_colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn filter(default: &str, variable: impl Fn(&str) -> Option<String>) -> Result<EnvFilter, TelemetryError> {
    let given = FILTER_VARIABLES
        .iter()
        .find_map(|name| variable(name).filter(|text| !text.is_empty()));
    parse(given.as_deref().unwrap_or(default))
}

fn parse(filter: &str) -> Result<EnvFilter, TelemetryError> {
    EnvFilter::try_new(filter).map_err(|error| TelemetryError::Filter {
        filter: filter.to_owned(),
        reason: error.to_string(),
    })
}

/// Lets a log line through once per second, for what can go wrong with every request.
#[derive(Debug)]
pub struct Occasionally {
    began: Instant,
    /// The second of the last line, counted from 1.
    last: AtomicU64,
}

impl Default for Occasionally {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            last: AtomicU64::new(0),
        }
    }
}

impl Occasionally {
    /// Whether it is time for a line.
    pub fn is_due(&self) -> bool {
        let second = self.began.elapsed().as_secs() + 1;
        self.last.fetch_max(second, Ordering::Relaxed) < second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_variable_wins_over_the_common_one() {
        let both = |name: &str| Some(if name == "RUST_LOG" { "warn" } else { "debug" }.to_owned());
        assert_eq!(filter("info", both).unwrap().to_string(), "debug");
        let common = |name: &str| (name == "RUST_LOG").then(|| "warn".to_owned());
        assert_eq!(filter("info", common).unwrap().to_string(), "warn");
        assert_eq!(
            filter("info", |_| Some(String::new())).unwrap().to_string(),
            "info"
        );
    }

    #[test]
    fn a_filter_that_does_not_read_is_named() {
        let error = filter("info", |_| Some("a=b=c".to_owned())).unwrap_err();
        assert!(error.to_string().contains("`a=b=c`"), "{error}");
    }

    #[test]
    fn a_flood_leaves_a_line_per_second() {
        let gate = Occasionally::default();
        let (lines, began) = ((0..100_000).filter(|_| gate.is_due()).count(), gate.began);
        assert!(
            (1..=2 + began.elapsed().as_secs()).contains(&(lines as u64)),
            "{lines}"
        );
    }

    #[test]
    fn formats_have_names() {
        assert_eq!("json".parse(), Ok(LogFormat::Json));
        assert!("xml".parse::<LogFormat>().is_err());
    }
}
