//! A command on one job.

use std::time::Duration;

use contracts::JobStatus;
use ports::{Command, CommandOutcome};
use serde::Serialize;
use service::ask::{Part, inconsistent};
use service::problem::Problem;
use tokio::time::Instant;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{name, status_after};
use crate::gateway::Shared;
use crate::pauses::Pauses;

/// How long an unknown job is asked for again: it may have been accepted a moment ago and not be in the store yet.
const UNKNOWN_FOR: Duration = Duration::from_secs(1);

/// The first pause between two tries, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));

/// What a command on one job came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CommandAnswer)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    /// The job.
    job_id: Uuid,
    /// Where it is in its life now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = String, required, examples("CANCELLED"))]
    status: Option<JobStatus>,
    /// Whether its running attempt is asked to end; absent where it is not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub(crate) cancelling: bool,
}

/// Commands one job.
///
/// # Errors
/// 404 where there is no such job, 409 with its state where that does not allow it, 503 where the store is away.
pub(crate) async fn one(shared: &Shared, job_id: Uuid, command: Command) -> Result<Answer, Problem> {
    let outcome = patiently(shared, job_id, command).await;
    let counted = match &outcome {
        Ok(CommandOutcome::Done) => "done",
        Ok(CommandOutcome::Requested) => "requested",
        Ok(CommandOutcome::Conflict(_)) => "conflict",
        Ok(CommandOutcome::Unknown) => "unknown",
        Err(problem) => problem.kind(),
    };
    shared.metrics.command(name(command), counted, 1);
    match outcome? {
        CommandOutcome::Done => Ok(Answer {
            job_id,
            status: status_after(command),
            cancelling: false,
        }),
        CommandOutcome::Requested => Ok(Answer {
            job_id,
            status: Some(JobStatus::Executing),
            cancelling: true,
        }),
        CommandOutcome::Conflict(status) => Err(conflict(job_id, command, status)),
        CommandOutcome::Unknown => Err(Problem::not_found().detail(format!("no job has the id {job_id}"))),
    }
}

async fn patiently(shared: &Shared, job_id: Uuid, command: Command) -> Result<CommandOutcome, Problem> {
    let deadline = Instant::now() + UNKNOWN_FOR;
    let mut pauses = Pauses::new(PAUSES);
    loop {
        let outcome = try_once(shared, job_id, command).await?;
        if outcome != CommandOutcome::Unknown || Instant::now() >= deadline {
            return Ok(outcome);
        }
        pauses.next().await;
    }
}

async fn try_once(shared: &Shared, job_id: Uuid, command: Command) -> Result<CommandOutcome, Problem> {
    let now = shared.clock.now();
    let outcomes = shared
        .stores
        .jobs(|jobs| jobs.command(vec![job_id], command, now))
        .await?;
    outcomes
        .first()
        .copied()
        .ok_or_else(|| inconsistent(Part::JobStore))
}

fn conflict(job_id: Uuid, command: Command, status: JobStatus) -> Problem {
    let detail = match command {
        Command::Cancel => format!("the job has ended as {status}"),
        Command::Retry if status == JobStatus::Completed => "the job has its result".to_owned(),
        Command::Retry => format!("the job is {status} and has not ended"),
        Command::Delete => format!("the job is {status} and has not ended; cancel it first"),
    };
    Problem::conflict()
        .detail(detail)
        .member("jobId", job_id.to_string())
        .member("jobStatus", status.as_str())
}
