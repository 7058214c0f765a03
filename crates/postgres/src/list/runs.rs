//! The stretches of numbers in which matches can be.

use std::collections::HashSet;
use std::ops::Range;

use sqlx::postgres::PgConnection;

use super::plan::{Clause, Plan};
use super::statuses::Statuses;
use crate::error::Failure;
use crate::search::{chunk_of, chunks_with, range_of};

/// How many chunks are looked at together.
const CHUNKS: i64 = 1024;

/// Consecutive chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// The first chunk, a multiple of [`CHUNKS`].
    first: i64,
}

impl Window {
    /// The window that has this chunk.
    pub(super) fn of(chunk: i64) -> Self {
        Self {
            first: chunk - chunk.rem_euclid(CHUNKS),
        }
    }

    /// The number of its first job.
    pub(super) fn start(self) -> i64 {
        range_of(self.first).start
    }
}

/// Consecutive numbers in which a match has the same statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) range: Range<i64>,
    pub(super) statuses: Statuses,
}

/// The stretches of some numbers of a window in which matches can be, from the highest down, where the chunks from
/// `indexed_to` on are not indexed. Jobs that are named are looked at wherever they are.
pub(super) async fn runs(
    connection: &mut PgConnection,
    plan: &Plan,
    window: Window,
    indexed_to: i64,
    numbers: Range<i64>,
) -> Result<Vec<Run>, Failure> {
    let whole = Run {
        range: numbers.clone(),
        statuses: plan.statuses,
    };
    let chunks = window.first..chunk_of(numbers.end - 1) + 1;
    let indexed = window.first..chunks.end.min(indexed_to);
    let nothing_to_know = plan.clauses.is_empty() && plan.text.is_none() && plan.zones.is_none();
    if nothing_to_know || indexed.is_empty() {
        return Ok(vec![whole]);
    }
    let candidates = candidates(connection, plan, &indexed).await?;
    let in_text = match &plan.text {
        Some(clause) => Some(with_clause(connection, &indexed, clause).await?),
        None => None,
    };
    let is_among =
        |found: &Option<HashSet<i64>>, chunk| found.as_ref().is_none_or(|found| found.contains(&chunk));
    let statuses = |chunk: i64| {
        if chunk >= indexed_to {
            plan.statuses
        } else if !is_among(&candidates, chunk) {
            Statuses::NONE
        } else if !is_among(&in_text, chunk) {
            plan.statuses.and(Statuses::with_error())
        } else {
            plan.statuses
        }
    };
    Ok(joined(chunks, &numbers, statuses))
}

/// The chunks that have what the chunk of a match has; all, if that is not known.
async fn candidates(
    connection: &mut PgConnection,
    plan: &Plan,
    indexed: &Range<i64>,
) -> Result<Option<HashSet<i64>>, Failure> {
    let mut candidates: Option<HashSet<i64>> = None;
    if let Some(zones) = &plan.zones {
        let found = zones.chunks(connection, indexed.start, indexed.end).await?;
        candidates = Some(found.into_iter().collect());
    }
    for clause in &plan.clauses {
        let found = with_clause(connection, indexed, clause).await?;
        candidates = Some(match candidates {
            Some(before) => before.intersection(&found).copied().collect(),
            None => found,
        });
    }
    Ok(candidates)
}

/// The chunks that have all terms of one of the sets.
async fn with_clause(
    connection: &mut PgConnection,
    chunks: &Range<i64>,
    clause: &Clause,
) -> Result<HashSet<i64>, Failure> {
    let terms: Vec<u64> = clause.iter().flatten().copied().collect();
    let found = chunks_with(connection, chunks.start, chunks.end, &terms).await?;
    let pairs: HashSet<(i64, i64)> = found.into_iter().collect();
    let mut all = HashSet::new();
    let mut place = 0;
    for set in clause {
        let places = place..place + i64::try_from(set.len()).unwrap_or(0);
        place = places.end;
        let has_all = |chunk: &i64| places.clone().all(|place| pairs.contains(&(place, *chunk)));
        all.extend(chunks.clone().filter(has_all));
    }
    Ok(all)
}

/// Chunks of the same statuses that stand side by side, as one; from the highest down.
fn joined(chunks: Range<i64>, numbers: &Range<i64>, statuses: impl Fn(i64) -> Statuses) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for chunk in chunks.rev() {
        let statuses = statuses(chunk);
        let range = range_of(chunk);
        let range = range.start.max(numbers.start)..range.end.min(numbers.end);
        match runs.last_mut() {
            Some(run) if run.statuses == statuses => run.range.start = range.start,
            _ => runs.push(Run { range, statuses }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use contracts::JobStatus;

    use super::*;

    #[test]
    fn windows_follow_one_another() {
        assert_eq!(Window::of(1023), Window::of(0));
        assert_eq!(Window::of(1024).start(), 1024 * 1024);
    }

    #[test]
    fn chunks_of_the_same_statuses_are_one_stretch() {
        let failed = Statuses::from(JobStatus::Failed);
        let statuses = |chunk| if chunk == 2 { failed } else { Statuses::ALL };
        let runs = joined(0..4, &(100..3500), statuses);
        let expected = [
            (3072..3500, Statuses::ALL),
            (2048..3072, failed),
            (100..2048, Statuses::ALL),
        ];
        let expected = expected.map(|(range, statuses)| Run { range, statuses });
        assert_eq!(runs, expected);
    }
}
