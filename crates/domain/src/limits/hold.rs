//! Why a job is held back.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a job that could run is held back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hold {
    /// Its type, or everything, is paused.
    Paused,
    /// As many jobs of its type run as may.
    Concurrency,
    /// As many jobs of its type were started as may for now.
    Rate,
    /// Another job has its unique key.
    Unique,
}

impl Hold {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Paused, Self::Concurrency, Self::Rate, Self::Unique];

    /// The name on the wire, in stores and in queries.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Concurrency => "concurrency",
            Self::Rate => "rate",
            Self::Unique => "unique",
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no reason to hold a job back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown reason to hold a job back")]
pub struct UnknownHold;

impl FromStr for Hold {
    type Err = UnknownHold;

    /// Case does not matter.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let named = |hold: &Self| hold.as_str().eq_ignore_ascii_case(name);
        Self::ALL.into_iter().find(named).ok_or(UnknownHold)
    }
}
