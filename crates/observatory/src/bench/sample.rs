//! The jobs of a load whose start and end are looked up afterwards.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::seeded::{Stream, draw_below};

/// Up to so many jobs, all are looked up.
const ALL_UP_TO: u64 = 20_000;
/// Of more jobs, so many are.
const AT_MOST: u64 = 5_000;
/// Marks a job that was never submitted.
const NEVER: i64 = i64::MIN;

/// A seeded choice of jobs, one from each stretch of the load, and when each was submitted.
#[derive(Debug)]
pub(super) struct Sample {
    seed: u64,
    stride: u64,
    submitted: Vec<AtomicI64>,
}

impl Sample {
    /// The choice from a load of `jobs` jobs.
    pub(super) fn new(seed: u64, jobs: u64) -> Self {
        let stride = if jobs <= ALL_UP_TO {
            1
        } else {
            jobs.div_ceil(AT_MOST)
        };
        let size = usize::try_from(jobs / stride).unwrap_or(usize::MAX);
        Self {
            seed,
            stride,
            submitted: std::iter::repeat_with(|| AtomicI64::new(NEVER))
                .take(size)
                .collect(),
        }
    }

    /// How many jobs are chosen.
    pub(super) fn len(&self) -> usize {
        self.submitted.len()
    }

    /// Notes when a job was submitted (microseconds since 1970), if it is a chosen one.
    pub(super) fn note(&self, job: u64, submitted: i64) {
        let Ok(slot) = usize::try_from(job / self.stride) else {
            return;
        };
        if self.job(slot) == job
            && let Some(entry) = self.submitted.get(slot)
        {
            entry.store(submitted, Ordering::Relaxed);
        }
    }

    /// The job chosen for a slot, and when it was submitted, if it was.
    pub(super) fn get(&self, slot: usize) -> Option<(u64, i64)> {
        let submitted = self.submitted.get(slot)?.load(Ordering::Relaxed);
        (submitted != NEVER).then(|| (self.job(slot), submitted))
    }

    fn job(&self, slot: usize) -> u64 {
        let slot = slot as u64;
        slot * self.stride + draw_below(self.seed, Stream::Sample, slot, self.stride)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(sample: &Sample, jobs: u64) -> Vec<u64> {
        (0..jobs).for_each(|job| sample.note(job, 7));
        (0..sample.len())
            .filter_map(|slot| sample.get(slot))
            .map(|(job, _)| job)
            .collect()
    }

    #[test]
    fn all_of_a_small_load_are_chosen() {
        assert_eq!(chosen(&Sample::new(1, 500), 500), (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn a_large_load_is_sampled_evenly_and_by_the_seed() {
        let jobs = 1_000_003;
        let first = chosen(&Sample::new(1, jobs), jobs);
        assert!((4_900..=5_000).contains(&first.len()), "{}", first.len());
        assert!(first.is_sorted_by(|a, b| a < b));
        assert!(first.windows(2).all(|pair| pair[1] - pair[0] < 403));
        assert_ne!(first, chosen(&Sample::new(2, jobs), jobs));
    }

    #[test]
    fn a_job_that_was_never_submitted_is_left_out() {
        let sample = Sample::new(1, 10);
        sample.note(3, 99);
        assert_eq!(sample.get(3), Some((3, 99)));
        assert_eq!(sample.get(4), None);
        assert_eq!(sample.get(10), None);
    }
}
