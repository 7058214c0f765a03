//! Waiting with a limit.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

/// The longest wait of a case for one condition. Far above what an adapter needs, so that a slow machine fails
/// nothing; only a failing case lasts this long.
pub const LIMIT: Duration = Duration::from_mins(1);

const PAUSE: Duration = Duration::from_millis(5);

/// The answer to a call that has to succeed, within [`LIMIT`].
pub(super) async fn within<T, E: Display>(what: &str, call: impl Future<Output = Result<T, E>>) -> T {
    let Ok(answer) = timeout(LIMIT, call).await else {
        panic!("{what} did not end within {LIMIT:?}");
    };
    answer.unwrap_or_else(|error| panic!("{what} failed: {error}"))
}

/// Asks until there is no complaint any more, within [`LIMIT`]; fails with the last one.
pub(super) async fn eventually<F>(what: &str, mut complaint: impl FnMut() -> F)
where
    F: Future<Output = Option<String>>,
{
    let end = Instant::now() + LIMIT;
    while let Some(text) = complaint().await {
        assert!(
            Instant::now() < end,
            "{what} did not come true within {LIMIT:?}: {text}"
        );
        sleep(PAUSE).await;
    }
}
