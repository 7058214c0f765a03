//! Waits for the end of a load.

use std::time::Duration;

use anyhow::bail;
use domain::{Clock, SystemClock};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use crate::api::{ReadModel, Stats};
use crate::progress::Progress;

/// How often the counters are looked at.
const LOOK: Duration = Duration::from_millis(10);
/// How long they may stand still.
const PATIENCE: Duration = Duration::from_secs(30);

/// How a load ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// When the last job ended, in microseconds since 1970.
    pub(super) last: i64,
    /// When the counters showed it.
    pub(super) shown: i64,
    /// How many jobs ended otherwise than COMPLETED.
    pub(super) failed: u64,
}

/// Returns when `jobs` more jobs than at `before` have ended.
///
/// # Errors
/// When the counters stand still before that.
pub(super) async fn drain(
    client: &mut ReadModel,
    before: &Stats,
    jobs: u64,
    since: i64,
    progress: &Progress,
) -> anyhow::Result<End> {
    let mut last = (0, Instant::now());
    loop {
        let stats = client.stats().await?;
        let ended = stats.ended().saturating_sub(before.ended());
        if ended >= jobs {
            return Ok(end(before, &stats, since, SystemClock.now().as_microsecond()));
        }
        progress.show(ended, "");
        if ended != last.0 {
            last = (ended, Instant::now());
        } else if last.1.elapsed() > PATIENCE {
            bail!("{ended} of {jobs} jobs have ended, and none more within {PATIENCE:?}");
        }
        sleep(LOOK).await;
    }
}

fn end(before: &Stats, after: &Stats, since: i64, now: i64) -> End {
    // The latest event is the last job's end, unless the clocks disagree.
    let latest = after.last_event().map(Timestamp::as_microsecond);
    let completed = after.completed_jobs.saturating_sub(before.completed_jobs);
    let ended = after.ended().saturating_sub(before.ended());
    End {
        last: latest.filter(|at| (since..=now).contains(at)).unwrap_or(now),
        shown: now,
        failed: ended.saturating_sub(completed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats(completed_jobs: u64, failed_jobs: u64, last: i64) -> Stats {
        Stats {
            completed_jobs,
            failed_jobs,
            last_event_time: Timestamp::from_microsecond(last).unwrap().to_string(),
            ..Stats::default()
        }
    }

    #[test]
    fn the_last_event_is_the_end() {
        let found = end(&stats(5, 1, 50), &stats(14, 2, 900), 100, 1_000);
        let expected = End {
            last: 900,
            shown: 1_000,
            failed: 1,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn an_event_outside_the_load_is_not_its_end() {
        for strange in [99, 1_001] {
            assert_eq!(
                end(&stats(0, 0, 0), &stats(1, 0, strange), 100, 1_000).last,
                1_000
            );
        }
    }
}
