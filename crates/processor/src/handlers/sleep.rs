//! `sleep`: waits, then succeeds. For trying out time-outs, shutdown and dashboards.

use std::time::Duration;

use serde::Deserialize;

use crate::{Context, Handler, HandlerError};

/// Waits for as long as its payload says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sleep;

/// The payload of a `sleep` job.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct SleepInput {
    /// How long, in milliseconds.
    pub ms: u64,
}

impl Handler for Sleep {
    type Input = SleepInput;
    type Output = ();

    async fn run(&self, input: SleepInput, context: Context) -> Result<(), HandlerError> {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(input.ms)) => Ok(()),
            () = context.cancelled.cancelled() => Err(HandlerError::fatal("woken")),
        }
    }
}
