//! Waiting for a condition, never for a while.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

const PAUSE: Duration = Duration::from_millis(10);

/// Asks until the answer is `true`.
///
/// # Panics
/// With `what` when that does not happen within `limit`.
pub async fn wait_until<F>(limit: Duration, what: &str, mut check: impl FnMut() -> F)
where
    F: Future<Output = bool>,
{
    wait_for(limit, what, || {
        let answer = check();
        async { if answer.await { Ok(()) } else { Err("not yet") } }
    })
    .await;
}

/// Asks until there is an answer, and returns it.
///
/// # Panics
/// With `what` and the last complaint when there is none within `limit`.
pub async fn wait_for<T, E, F>(limit: Duration, what: &str, mut ask: impl FnMut() -> F) -> T
where
    E: Display,
    F: Future<Output = Result<T, E>>,
{
    let end = Instant::now() + limit;
    let mut last = "no answer at all".to_owned();
    while Instant::now() < end {
        match timeout_at(end, ask()).await {
            Ok(Ok(value)) => return value,
            Ok(Err(complaint)) => last = complaint.to_string(),
            Err(_elapsed) => break,
        }
        sleep(PAUSE).await;
    }
    panic!("waited {limit:?} in vain for {what}: {last}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    const SHORT: Duration = Duration::from_millis(50);

    #[tokio::test]
    async fn an_answer_ends_the_wait() {
        let asked = AtomicU32::new(0);
        let answer = wait_for(Duration::from_secs(20), "three", || async {
            let times = asked.fetch_add(1, Ordering::Relaxed);
            if times == 3 { Ok(times) } else { Err(times) }
        });
        assert_eq!(answer.await, 3);
        wait_until(Duration::from_secs(20), "truth", || async { true }).await;
    }

    #[tokio::test]
    #[should_panic(expected = "in vain for rain: still dry")]
    async fn the_limit_names_what_did_not_come() {
        wait_for::<(), _, _>(SHORT, "rain", || async { Err("still dry") }).await;
    }

    #[tokio::test]
    #[should_panic(expected = "in vain for a sign: no answer at all")]
    async fn a_question_that_hangs_is_cut_off() {
        wait_until(SHORT, "a sign", std::future::pending).await;
    }
}
