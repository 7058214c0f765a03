//! Waiting for something that is on its way.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// The longest that anything may be on its way.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How often it is looked for.
const LOOK: Duration = Duration::from_millis(100);

/// Tries again until it succeeds.
///
/// # Errors
/// The last failure, once [`PATIENCE`] has run out.
pub async fn eventually<T, F>(what: &str, mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let end = Instant::now() + PATIENCE;
    loop {
        match attempt().await {
            Ok(value) => return Ok(value),
            Err(error) if Instant::now() > end => bail!("{what} did not come: {error:#}"),
            Err(_not_yet) => sleep(LOOK).await,
        }
    }
}
