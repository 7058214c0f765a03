//! Patience with a store or bus that is away.

use std::future::Future;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{BusError, StoreError};

const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(2);

/// An error after which the same call may succeed.
pub trait Transient: std::fmt::Display {
    /// Whether the same call may succeed later.
    fn is_transient(&self) -> bool;

    /// The error of a call that gave no answer in time.
    fn timed_out() -> Self;
}

impl Transient for StoreError {
    fn is_transient(&self) -> bool {
        Self::is_transient(self)
    }

    fn timed_out() -> Self {
        Self::Unavailable("no answer in time".to_owned())
    }
}

impl Transient for BusError {
    fn is_transient(&self) -> bool {
        !matches!(self, Self::Closed(_))
    }

    fn timed_out() -> Self {
        Self::Unavailable("no answer in time".to_owned())
    }
}

/// How a patient call ended, if not with a value.
#[derive(Debug)]
pub enum GaveUp<E> {
    /// Repeating the call is pointless.
    Permanent(E),
    /// The caller stops.
    Stopped,
}

/// Repeats `call`, each time at most `limit`, with growing pauses, until it succeeds, fails for good, or `stop`
/// is cancelled. `what` names the call in the log.
///
/// # Errors
/// [`GaveUp`] says which of the last two it was.
pub async fn persist<T, E, F>(
    what: &str,
    limit: Duration,
    stop: &CancellationToken,
    mut call: impl FnMut() -> F,
) -> Result<T, GaveUp<E>>
where
    E: Transient,
    F: Future<Output = Result<T, E>>,
{
    let mut pause = FIRST;
    loop {
        let answer = tokio::select! {
            answer = timeout(limit, call()) => answer.unwrap_or_else(|_| Err(E::timed_out())),
            () = stop.cancelled() => return Err(GaveUp::Stopped),
        };
        match answer {
            Ok(value) => return Ok(value),
            Err(error) if error.is_transient() => tracing::warn!(%error, what, "call failed, trying again"),
            Err(error) => return Err(GaveUp::Permanent(error)),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST),
            () = stop.cancelled() => return Err(GaveUp::Stopped),
        }
    }
}
