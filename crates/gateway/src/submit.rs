//! One submission on its way: its unique key, if it has one, then the bus.

mod answer;

use service::correlation::RequestContext;
use service::problem::Problem;
use uuid::Uuid;

use crate::event::{Announcement, announce};
use crate::gateway::Shared;
use crate::submission::Submission;
use crate::unique;
pub(crate) use answer::{JobEnded, JobUnderWay, SubmissionAnswer};

/// What a client is told of an accepted job.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Accepted {
    pub(crate) job_id: Uuid,
    pub(crate) event_id: Uuid,
}

/// Publishes a job and returns once the bus has it.
///
/// # Errors
/// 409 where another job holds its unique key; 503 where the bus, or for a unique key the job store, is away.
pub(crate) async fn submit(
    shared: &Shared,
    context: &RequestContext,
    submission: Submission,
) -> Result<Accepted, Problem> {
    shared.metrics.submitted.inc(&submission.job_type);
    let now = shared.clock.now();
    let announcement = announce(submission, context, shared.producer(), now).map_err(|error| {
        tracing::error!(%error, "failed to write an event");
        Problem::internal()
    })?;
    publish(shared, announcement).await
}

async fn publish(shared: &Shared, announcement: Announcement) -> Result<Accepted, Problem> {
    let Announcement {
        job_id,
        event_id,
        wish,
        message,
    } = announcement;
    let wishes: Vec<_> = wish.into_iter().collect();
    if let Some(wish) = wishes.first()
        && let [Some(holder)] = unique::reserve(shared, &wishes).await?[..]
    {
        return Err(unique::held(&wish.key, holder));
    }
    if let Err(problem) = shared.intake.publish_one(message).await {
        unique::give_up(shared, &wishes).await;
        return Err(problem);
    }
    shared.metrics.accepted.inc();
    Ok(Accepted { job_id, event_id })
}
