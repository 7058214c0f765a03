//! Limits: what holds jobs of a type back.

use std::num::NonZeroU32;

use axum::extract::Request;
use domain::limits::{Limits, Rate};
use http::StatusCode;
use ports::{AllLimits, JobStore, LimitChange, MAX_LIMITED_TYPES, StoreError};
use service::problem::Problem;
use service::views::RateDocument;
use utoipa::ToSchema;

use crate::gateway::Shared;
use crate::members::{self, Bounds, Members};

const BOUNDS: Bounds = Bounds {
    bytes: 4 * 1024,
    depth: 4,
};

/// Reads the limits of a type.
///
/// # Errors
/// 400 that says what is wrong with them.
pub(crate) async fn read(shared: &Shared, request: Request) -> Result<Limits, Problem> {
    let (_, document) = members::read(shared, request, BOUNDS).await?;
    let mut members = Members::of(document, &["paused", "concurrency", "rate"])?;
    let concurrency = "a whole number from 1, or null";
    Ok(Limits {
        paused: members.take("paused", "true or false")?.unwrap_or(false),
        concurrency: members
            .take::<Option<NonZeroU32>>("concurrency", concurrency)?
            .flatten(),
        rate: members.read::<Option<Rate>>("rate")?.flatten(),
    })
}

/// Every limit that is set.
///
/// # Errors
/// 503 where the job store is away; so below.
pub(crate) async fn all(shared: &Shared) -> Result<AllLimits, Problem> {
    shared.stores.jobs(JobStore::limits).await
}

/// The limits of a type; open ones where none are set.
pub(crate) async fn of(shared: &Shared, job_type: &str) -> Result<Limits, Problem> {
    Ok(all(shared).await?.types.remove(job_type).unwrap_or_default())
}

/// Replaces the limits of a type and gives them back.
pub(crate) async fn set(shared: &Shared, job_type: String, limits: Limits) -> Result<Limits, Problem> {
    write(shared, LimitChange::Of(job_type, limits)).await?;
    Ok(limits)
}

/// Pauses or resumes a type and gives its limits.
pub(crate) async fn pause(shared: &Shared, job_type: String, paused: bool) -> Result<Limits, Problem> {
    write(shared, LimitChange::Pause(job_type.clone(), paused)).await?;
    of(shared, &job_type).await
}

/// Pauses or resumes everything and gives all limits.
pub(crate) async fn pause_all(shared: &Shared, paused: bool) -> Result<AllLimits, Problem> {
    write(shared, LimitChange::PauseAll(paused)).await?;
    all(shared).await
}

async fn write(shared: &Shared, change: LimitChange) -> Result<(), Problem> {
    let is_kept = shared.stores.jobs(|jobs| async {
        match jobs.set_limits(change).await {
            Err(StoreError::Refused(_)) => Ok(false),
            other => other.map(|()| true),
        }
    });
    if is_kept.await? { Ok(()) } else { Err(too_many()) }
}

fn too_many() -> Problem {
    Problem::new(StatusCode::CONFLICT, "too-many-limits", "Too many limits").detail(format!(
        "limits are kept for {MAX_LIMITED_TYPES} job types at most; delete some first"
    ))
}

/// The limits of a type as a client writes them; what is absent is not limited.
#[derive(Debug, ToSchema)]
#[schema(as = LimitsBody)]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) struct LimitsBody {
    /// Nothing starts until somebody resumes the type.
    #[schema(default = false)]
    paused: Option<bool>,
    /// How many run at once.
    #[schema(minimum = 1)]
    concurrency: Option<u32>,
    /// How many start in a span of time.
    rate: Option<RateDocument>,
}
