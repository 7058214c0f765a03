//! Changes of the schedules that are kept.

use domain::schedule::{Schedule, ScheduleName};
use http::StatusCode;
use jiff::Timestamp;
use ports::{JobStore, MAX_SCHEDULES, Precondition, StoreError};
use service::problem::Problem;
use service::views::ScheduleView;

use super::{Draft, violation};
use crate::gateway::Shared;

/// How often a change is tried that others come between.
const ROUNDS: usize = 5;

/// The schedule of that name.
///
/// # Errors
/// 404 where there is none; 503 where the job store is away, here and below.
pub(super) async fn find(shared: &Shared, name: &ScheduleName) -> Result<Schedule, Problem> {
    let found = look_up(shared, name).await?;
    found.ok_or_else(|| unknown(name))
}

/// Makes a schedule.
///
/// # Errors
/// 409 where the name is taken, or no more are kept.
pub(crate) async fn create(shared: &Shared, draft: Draft) -> Result<ScheduleView, Problem> {
    let name = draft.name()?;
    let (id, now) = (shared.ids.next(), shared.clock.now());
    let schedule = draft.under(name.clone(), id, now);
    let kept = keep(shared, schedule, Precondition::Absent).await?;
    kept.ok_or_else(|| taken(&name))
}

/// Makes a schedule, or replaces the one of that name. Says whether it was made.
///
/// # Errors
/// 409 where no more are kept.
pub(crate) async fn replace(
    shared: &Shared,
    name: ScheduleName,
    draft: Draft,
) -> Result<(ScheduleView, bool), Problem> {
    draft.is_named(&name)?;
    let (id, now) = (shared.ids.next(), shared.clock.now());
    let kept = keep(shared, draft.under(name.clone(), id, now), Precondition::Always).await?;
    let kept = kept.ok_or_else(|| contended(&name))?;
    let is_new = kept.id == id;
    Ok((kept, is_new))
}

/// Pauses or resumes a schedule. One that is in that state already is left alone: resuming it again would forget
/// the firings that it has missed.
///
/// # Errors
/// 404 where there is none; 409 where its rule does not read any more.
pub(crate) async fn pause(
    shared: &Shared,
    name: &ScheduleName,
    paused: bool,
) -> Result<ScheduleView, Problem> {
    for _ in 0..ROUNDS {
        let mut schedule = find(shared, name).await?;
        let now = shared.clock.now();
        if schedule.paused == paused {
            return Ok(ScheduleView::new(schedule, now));
        }
        let seen = Precondition::UpdatedAt(schedule.updated_at);
        schedule.next_at = if paused { None } else { next(&schedule, now)? };
        schedule.paused = paused;
        schedule.updated_at = now;
        if let Some(kept) = keep(shared, schedule, seen).await? {
            return Ok(kept);
        }
    }
    Err(contended(name))
}

fn next(schedule: &Schedule, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
    let gone = |error| Problem::conflict().detail(violation(&error).to_string());
    Ok(schedule.rule().map_err(gone)?.next_after(now))
}

/// Forgets a schedule. Jobs that it has made stay.
///
/// # Errors
/// 404 where there is none.
pub(crate) async fn delete(shared: &Shared, name: &ScheduleName) -> Result<(), Problem> {
    let gone = shared
        .stores
        .jobs(|jobs| jobs.delete_schedule(name.as_str()))
        .await?;
    if gone { Ok(()) } else { Err(unknown(name)) }
}

async fn look_up(shared: &Shared, name: &ScheduleName) -> Result<Option<Schedule>, Problem> {
    let all = shared.stores.jobs(JobStore::schedules).await?;
    Ok(all.into_iter().find(|schedule| schedule.name == *name))
}

/// `None` where `when` does not hold.
async fn keep(
    shared: &Shared,
    schedule: Schedule,
    when: Precondition,
) -> Result<Option<ScheduleView>, Problem> {
    let kept = shared.stores.jobs(|jobs| async {
        match jobs.put_schedule(schedule, when).await {
            Err(StoreError::Refused(_)) => Ok(Err(too_many())),
            other => other.map(Ok),
        }
    });
    let kept = kept.await??;
    Ok(kept.map(|kept| ScheduleView::new(kept, shared.clock.now())))
}

fn unknown(name: &ScheduleName) -> Problem {
    Problem::not_found().detail(format!("no schedule has the name {name}"))
}

fn contended(name: &ScheduleName) -> Problem {
    Problem::conflict().detail(format!(
        "others change the schedule {name} all the time; try again"
    ))
}

fn taken(name: &ScheduleName) -> Problem {
    Problem::new(StatusCode::CONFLICT, "schedule-exists", "Schedule exists")
        .detail(format!(
            "there is a schedule {name}; to replace it, put it under its name"
        ))
        .member("name", name.as_str())
}

fn too_many() -> Problem {
    Problem::new(StatusCode::CONFLICT, "too-many-schedules", "Too many schedules").detail(format!(
        "{MAX_SCHEDULES} schedules are kept at most; delete some first"
    ))
}
