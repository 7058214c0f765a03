//! Waits until every accepted job has ended, as far as the counters tell.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::api::{ReadModel, Stats};
use crate::progress::Progress;

/// How often the counters are looked at.
const LOOK: Duration = Duration::from_millis(20);

/// Returns when the counters say that `accepted` jobs were created and have ended, or when they have not moved
/// for `patience`, or not towards that. Whether they tell the truth is found out later.
pub(super) async fn settle(
    read_model: &mut ReadModel,
    accepted: u64,
    patience: Duration,
    progress: &Progress,
) {
    let mut last = (Stats::default(), Instant::now());
    loop {
        let stats = read_model.glance().await.unwrap_or_else(|| last.0.clone());
        if stats.total_jobs == accepted && stats.ended() == accepted {
            return;
        }
        progress.show(stats.ended(), "");
        if stats != last.0 && stats.total_jobs <= accepted {
            last = (stats, Instant::now());
        } else if last.1.elapsed() > patience {
            return;
        }
        sleep(LOOK).await;
    }
}
