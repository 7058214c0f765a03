//! Waiting for the end of a job on behalf of its client.

use std::time::Duration;

use contracts::JobStatus;
use domain::duration::Span;
use ports::JobDetail;
use uuid::Uuid;

use crate::gateway::Shared;
use crate::pauses::Pauses;

/// The longest that a client may wait.
pub(crate) const LONGEST: Span = Span::from_secs(30);

/// The first pause between two looks at the job, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(50));

/// What was seen of a job.
pub(crate) enum Seen {
    /// It has ended.
    Ended(Box<JobDetail>),
    /// It has not, as far as is known; without a state where the store did not tell any.
    NotEnded(Option<JobStatus>),
}

/// Waits until a job has ended, `limit` at most. Where too many wait, or the store is away, there is nothing to wait
/// for: the job is accepted either way.
pub(crate) async fn for_end(shared: &Shared, job_id: Uuid, limit: Duration) -> Seen {
    let Ok(_place) = shared.waiters.try_acquire() else {
        return Seen::NotEnded(None);
    };
    let mut last = None;
    let ended = tokio::time::timeout(limit, watch(shared, job_id, &mut last)).await;
    ended.map_or(Seen::NotEnded(last), Seen::Ended)
}

async fn watch(shared: &Shared, job_id: Uuid, last: &mut Option<JobStatus>) -> Box<JobDetail> {
    let mut pauses = Pauses::new(PAUSES);
    loop {
        if let Ok(Some(job)) = shared.stores.watch(|jobs| jobs.job(job_id)).await {
            if job.summary.status.is_terminal() {
                return Box::new(job);
            }
            *last = Some(job.summary.status);
        }
        pauses.next().await;
    }
}
