//! A schedule's job, because somebody wants it now.

use domain::schedule::ScheduleName;
use service::correlation::RequestContext;
use service::problem::Problem;

use super::change::find;
use crate::gateway::Shared;
use crate::submission::{self, IdempotencyKey};
use crate::submit::{Accepted, submit};

/// Submits the schedule's job as a client would. Its firings go on as if nothing had happened, and a paused schedule
/// does it as well.
///
/// # Errors
/// 404 where there is no such schedule, otherwise as any submission.
pub(crate) async fn run(
    shared: &Shared,
    context: &RequestContext,
    key: Option<&IdempotencyKey>,
    name: &ScheduleName,
) -> Result<Accepted, Problem> {
    let schedule = find(shared, name).await?;
    let job_id = key.map_or_else(|| shared.ids.next(), IdempotencyKey::job_id);
    let now = shared.clock.now();
    let mut submission =
        submission::instance(&schedule.job, name.as_str(), job_id, now).map_err(submission::invalid)?;
    submission.is_named = key.is_some();
    submit(shared, context, submission).await
}
