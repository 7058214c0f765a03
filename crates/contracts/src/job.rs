//! Jobs as clients see them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The longest job type that consumers take from the bus, in bytes; the door refuses longer ones much earlier. The
/// published contract has no limit, so this is a bound of ours and no part of the schema.
pub const TYPE_LIMIT: usize = 256;

/// The state of a job. Grows by minor versions only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum JobStatus {
    /// Accepted; no worker has started it.
    Pending,
    /// Reserved by the published contract; no service of ours sets it.
    Validated,
    /// Waits for a time that its client asked for.
    Scheduled,
    /// A worker is running an attempt.
    Executing,
    /// An attempt ended without a result; another one follows.
    Retrying,
    /// Terminal: a handler returned a result.
    Completed,
    /// Terminal: no attempt succeeded and none follows.
    Failed,
    /// Terminal: a client withdrew it.
    Cancelled,
    /// Terminal: too many workers died while they ran it.
    Quarantined,
}

impl JobStatus {
    /// Every status, in the order of a job's life.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Validated,
        Self::Scheduled,
        Self::Executing,
        Self::Retrying,
        Self::Completed,
        Self::Failed,
        Self::Cancelled,
        Self::Quarantined,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Validated => "VALIDATED",
            Self::Scheduled => "SCHEDULED",
            Self::Executing => "EXECUTING",
            Self::Retrying => "RETRYING",
            Self::Completed => "COMPLETED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::Quarantined => "QUARANTINED",
        }
    }

    /// Whether nothing follows this state.
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Completed | Self::Failed | Self::Cancelled | Self::Quarantined
        )
    }
}

impl fmt::Display for JobStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no job status of the contract.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown job status `{0}`")]
pub struct UnknownStatus(pub String);

impl FromStr for JobStatus {
    type Err = UnknownStatus;

    /// Case does not matter, so that `?state=failed` reads well in a query.
    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownStatus(name.to_owned()))
    }
}

/// Which of the waiting jobs workers take first. A higher one is preferred, never to the point of starving the
/// lower ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Before the others.
    High,
    /// What a job has that says nothing.
    #[default]
    Normal,
    /// After the others.
    Low,
}

impl Priority {
    /// Every priority, the one that goes first first.
    pub const ALL: [Self; 3] = [Self::High, Self::Normal, Self::Low];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no priority.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown priority `{0}`")]
pub struct UnknownPriority(pub String);

impl FromStr for Priority {
    type Err = UnknownPriority;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str().eq_ignore_ascii_case(name))
            .ok_or_else(|| UnknownPriority(name.to_owned()))
    }
}

/// How the pause between two attempts grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Backoff {
    /// Doubles with every attempt.
    #[default]
    Exponential,
    /// Grows by the initial delay with every attempt.
    Linear,
    /// Always the initial delay.
    Fixed,
}

/// A client's wishes for retries; whatever is absent takes the documented default
/// (`domain::RetryPolicy`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RetryOptions {
    /// How many attempts may fail before the job does, the first one counted.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "whole_number")]
    pub max_attempts: Option<u32>,
    /// How the pause grows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff: Option<Backoff>,
    /// Seconds before the second attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial_delay: Option<f64>,
    /// The longest pause, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_delay: Option<f64>,
    /// The share of a pause, 0 to 1, that is drawn at random.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jitter: Option<f64>,
}

/// Reads `3` and `3.0` alike, since JSON Schema calls both an integer.
fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let Some(number) = Option::<f64>::deserialize(deserializer)? else {
        return Ok(None);
    };
    if number.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&number) {
        return Err(D::Error::custom("not a whole number of 32 bits"));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and in range, as just checked"
    )]
    Ok(Some(number as u32))
}

/// A job as the contract describes it (`schemas/job.json`), read from text that was validated before.
///
/// Unknown fields are allowed by the contract; they stay in the job's stored body and are not read here.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Chosen by the client, or made by the gateway.
    pub id: Uuid,
    /// Which handler runs it.
    #[serde(rename = "type")]
    pub job_type: String,
    /// `PENDING` on everything that a client submits.
    pub status: JobStatus,
    /// What the handler gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Box<RawValue>>,
    /// When the client made it; informative, never used for order.
    pub created_at: Timestamp,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Free text labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The longest time that one attempt may take, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<f64>,
    /// The client's wishes for retries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry: Option<RetryOptions>,
    /// Not before this moment. (A client's `delay` is made a `runAt` at the door.)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_at: Option<Timestamp>,
    /// Which of the waiting jobs go first.
    #[serde(default)]
    pub priority: Priority,
    /// No other job under the same key is accepted until this one has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unique_key: Option<String>,
    /// The name of the schedule that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
}
