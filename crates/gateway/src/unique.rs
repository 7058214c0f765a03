//! Unique keys: reserved in the job store before their jobs are published.

use std::time::Duration;

use contracts::JobStatus;
use futures::{StreamExt, stream};
use http::StatusCode;
use jiff::Timestamp;
use ports::{Reservation, Reserved};
use service::ask::{Part, inconsistent};
use service::problem::Problem;
use uuid::Uuid;

use crate::gateway::Shared;
use crate::intake::NOT_SUBMITTED;

/// How long a key is a job's that has not arrived in the store. Longer than its message takes on a busy day; whoever
/// comes later than that waits for the key, and is not lost.
const RESERVED_FOR: Duration = Duration::from_secs(30);

/// The kind of problem that a held key is.
pub(crate) const HELD: &str = "unique-key-held";

/// How many jobs are looked up at once where keys are held.
const LOOK_UPS: usize = 16;

/// A key that a job wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) key: String,
    pub(crate) job_id: Uuid,
    /// Whether the client named the job, so that it may be one that it has submitted before.
    pub(crate) is_named: bool,
}

/// Reserves keys, in order. The answer names the holder of each that is held by another job.
///
/// # Errors
/// 503 when the job store is away.
pub(crate) async fn reserve(shared: &Shared, wishes: &[Wish]) -> Result<Vec<Option<Uuid>>, Problem> {
    let reserved = try_all(shared, wishes).await?;
    let mut answers = Vec::with_capacity(wishes.len());
    for (wish, reserved) in wishes.iter().zip(reserved) {
        answers.push(holder(shared, wish, reserved));
    }
    let holders: Vec<_> = stream::iter(answers).buffered(LOOK_UPS).collect().await;
    holders.into_iter().collect()
}

/// Gives keys up whose jobs were not published, as far as that is known. Where it fails, or a job arrives all the
/// same, nothing is lost: the reservation runs out, and the job waits for its key.
pub(crate) async fn give_up(shared: &Shared, wishes: &[Wish]) {
    let now = shared.clock.now();
    if !wishes.is_empty()
        && let Err(problem) = ask(shared, wishes, now, now).await
    {
        tracing::debug!(detail = problem.detail_text(), "reservations are left to run out");
    }
}

async fn try_all(shared: &Shared, wishes: &[Wish]) -> Result<Vec<Reserved>, Problem> {
    let now = shared.clock.now();
    let until = now.saturating_add(RESERVED_FOR).unwrap_or(Timestamp::MAX);
    let reserved = ask(shared, wishes, until, now).await?;
    if reserved.len() == wishes.len() {
        Ok(reserved)
    } else {
        Err(inconsistent(Part::JobStore))
    }
}

async fn ask(
    shared: &Shared,
    wishes: &[Wish],
    until: Timestamp,
    now: Timestamp,
) -> Result<Vec<Reserved>, Problem> {
    let reservation = |wish: &Wish| Reservation {
        key: wish.key.clone(),
        job_id: wish.job_id,
        until,
    };
    let wishes = wishes.iter().map(reservation).collect();
    let answer = shared.stores.jobs(|jobs| jobs.reserve(wishes, now)).await;
    answer.map_err(|problem| problem.error(NOT_SUBMITTED))
}

/// Who else holds the key.
async fn holder(shared: &Shared, wish: &Wish, reserved: Reserved) -> Result<Option<Uuid>, Problem> {
    let Some(holder) = other(wish, reserved) else {
        return Ok(None);
    };
    if wish.is_named && look_up(shared, wish.job_id).await?.is_some() {
        // The job has been accepted before: this is a repetition, whoever holds the key by now.
        return Ok(None);
    }
    let has_ended = look_up(shared, holder).await?.is_some_and(JobStatus::is_terminal);
    if has_ended {
        reserve_after(shared, wish, holder).await
    } else {
        Ok(Some(holder))
    }
}

fn other(wish: &Wish, reserved: Reserved) -> Option<Uuid> {
    match reserved {
        Reserved::HeldBy(holder) if holder != wish.job_id => Some(holder),
        Reserved::HeldBy(_) | Reserved::Yours => None,
    }
}

/// Reserves a key whose holder has ended: it was submitted once more after its end, and will not own the key again.
async fn reserve_after(shared: &Shared, wish: &Wish, ended: Uuid) -> Result<Option<Uuid>, Problem> {
    let left_over = Wish {
        job_id: ended,
        ..wish.clone()
    };
    give_up(shared, &[left_over]).await;
    let reserved = try_all(shared, std::slice::from_ref(wish)).await?;
    Ok(reserved.first().and_then(|reserved| other(wish, *reserved)))
}

async fn look_up(shared: &Shared, job_id: Uuid) -> Result<Option<JobStatus>, Problem> {
    let found = shared.stores.jobs(|jobs| jobs.job(job_id)).await;
    let found = found.map_err(|problem| problem.error(NOT_SUBMITTED))?;
    Ok(found.map(|job| job.summary.status))
}

/// 409: other jobs hold unique keys.
pub(crate) fn conflict() -> Problem {
    Problem::new(StatusCode::CONFLICT, HELD, "Unique key held").error(NOT_SUBMITTED)
}

/// 409: another job holds the key.
pub(crate) fn held(key: &str, holder: Uuid) -> Problem {
    conflict()
        .detail(held_by(holder))
        .member("jobId", holder.to_string())
        .member("uniqueKey", key)
}

/// Why a job was not accepted.
pub(crate) fn held_by(holder: Uuid) -> String {
    format!("the unique key is held by job {holder} until that has ended")
}
