//! The kinds of jobs in a run, and what is to become of each.

use std::time::Duration;

/// How many attempts a job that times out gets.
const TIMEOUT_ATTEMPTS: u32 = 2;
/// How long a job sleeps that is to be cancelled while it runs, in milliseconds: longer than that ever takes.
const SLEEP_UNTIL_CANCELLED: u64 = 120_000;

/// The kinds of jobs in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Returns at once.
    Echo,
    /// Sleeps for so many milliseconds.
    Sleep(u64),
    /// Is of a type that nobody handles.
    Unknown,
    /// Sleeps longer than it may.
    Overlong,
    /// Returns at once, and must not start for so many milliseconds.
    Delayed(u64),
    /// Sleeps for so many milliseconds under a unique key that others want as well.
    Unique(u64),
    /// Is withdrawn as soon as it is accepted; must not start for so many milliseconds.
    Withdrawn(u64),
    /// Is withdrawn once it runs.
    Interrupted,
}

/// What is to become of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// COMPLETED at the first attempt that no worker died under.
    Completed,
    /// FAILED, with a reason, after so many failed attempts.
    Failed {
        /// How many attempts fail.
        failures: u32,
    },
    /// CANCELLED.
    Cancelled,
    /// CANCELLED, or COMPLETED before that.
    CancelledOrCompleted,
}

impl Kind {
    /// What is to become of it.
    pub(crate) fn expected(self) -> Expected {
        match self {
            Self::Echo | Self::Sleep(_) | Self::Delayed(_) | Self::Unique(_) => Expected::Completed,
            Self::Unknown => Expected::Failed { failures: 1 },
            Self::Overlong => Expected::Failed {
                failures: TIMEOUT_ATTEMPTS,
            },
            Self::Withdrawn(_) => Expected::CancelledOrCompleted,
            Self::Interrupted => Expected::Cancelled,
        }
    }

    /// Whether somebody is to withdraw it.
    pub(crate) fn is_withdrawn(self) -> bool {
        matches!(self, Self::Withdrawn(_) | Self::Interrupted)
    }

    /// How long it must not start.
    pub(crate) fn delay(self) -> Option<Duration> {
        match self {
            Self::Delayed(millis) | Self::Withdrawn(millis) => Some(Duration::from_millis(millis)),
            _ => None,
        }
    }

    /// What its body has besides what every body has.
    pub(super) fn members(self, index: u64) -> String {
        let echo = format!(r#""type":"echo","payload":{{"n":{index}}}"#);
        let sleep = |ms: u64| format!(r#""type":"sleep","payload":{{"ms":{ms}}}"#);
        match self {
            Self::Echo => echo,
            Self::Sleep(ms) | Self::Unique(ms) => sleep(ms),
            Self::Unknown => r#""type":"prove.nobody-handles-this""#.to_owned(),
            Self::Overlong => format!(
                r#"{},"timeoutSeconds":0.05,"retry":{{"maxAttempts":{TIMEOUT_ATTEMPTS},"initialDelay":0.05}}"#,
                sleep(5_000)
            ),
            Self::Delayed(millis) | Self::Withdrawn(millis) => format!(r#"{echo},"delay":"{millis}ms""#),
            Self::Interrupted => sleep(SLEEP_UNTIL_CANCELLED),
        }
    }
}
