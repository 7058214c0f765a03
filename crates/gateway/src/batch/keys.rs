//! The unique keys of a chunk.

use service::problem::Problem;
use uuid::Uuid;

use super::Outcome;
use crate::event::Announcement;
use crate::gateway::Shared;
use crate::unique::{self, Wish};

/// Reserves the keys that a chunk wants, in its order, and gives the jobs that may be published: those without a key,
/// and those that have theirs. Once the job store did not answer, it is not asked again.
pub(super) async fn reserve(
    shared: &Shared,
    prepared: Vec<(usize, Announcement)>,
    outcome: &mut Outcome,
) -> Vec<(usize, Announcement)> {
    let wishes: Vec<Wish> = prepared.iter().filter_map(|(_, job)| job.wish.clone()).collect();
    if wishes.is_empty() || outcome.refusal().is_some() {
        return prepared;
    }
    let holders = match outcome.unreserved() {
        Some(problem) => Err(problem),
        None => unique::reserve(shared, &wishes).await,
    };
    match holders {
        Ok(holders) => without_held(shared, prepared, holders, outcome),
        Err(problem) => without_wishes(shared, prepared, &problem, outcome),
    }
}

fn without_held(
    shared: &Shared,
    mut prepared: Vec<(usize, Announcement)>,
    holders: Vec<Option<Uuid>>,
    outcome: &mut Outcome,
) -> Vec<(usize, Announcement)> {
    let mut holders = holders.into_iter();
    prepared.retain(|(index, job)| {
        let holder = job.wish.as_ref().and_then(|_| holders.next().flatten());
        if let Some(holder) = holder {
            shared.metrics.reject(unique::HELD, 1);
            outcome.held(*index, holder);
        }
        holder.is_none()
    });
    prepared
}

fn without_wishes(
    shared: &Shared,
    mut prepared: Vec<(usize, Announcement)>,
    problem: &Problem,
    outcome: &mut Outcome,
) -> Vec<(usize, Announcement)> {
    prepared.retain(|(index, job)| {
        if job.wish.is_some() {
            shared.metrics.reject(problem.kind(), 1);
            outcome.not_reserved(*index, problem);
        }
        job.wish.is_none()
    });
    prepared
}
