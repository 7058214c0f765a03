//! Jobs that were taken and have not started: they count against the limits of their type as if they ran, so that the
//! scheduler, which looks often, does not let more go than may start.
//!
//! This is memory only. Where it is lost, a few jobs are dispatched too early; their claim holds them back again.

use std::collections::HashMap;

use jiff::Timestamp;
use uuid::Uuid;

/// How many are counted at most; more than that at once is nothing that a limit of concurrency is for.
const MOST: usize = 10_000;

/// The jobs that were taken, by type, each until it is due again.
#[derive(Debug, Default)]
pub(super) struct Released {
    types: HashMap<String, HashMap<Uuid, Timestamp>>,
    count: usize,
}

impl Released {
    /// Notes a job that was taken and comes again at `until`.
    pub(super) fn add(&mut self, job_type: &str, id: Uuid, until: Timestamp) {
        if self.count >= MOST {
            return;
        }
        let jobs = match self.types.get_mut(job_type) {
            Some(jobs) => jobs,
            None => self.types.entry(job_type.to_owned()).or_default(),
        };
        if jobs.insert(id, until).is_none() {
            self.count += 1;
        }
    }

    /// Forgets a job whose dispatch has arrived.
    pub(super) fn remove(&mut self, job_type: &str, id: &Uuid) {
        if self.count > 0
            && let Some(jobs) = self.types.get_mut(job_type)
            && jobs.remove(id).is_some()
        {
            self.count -= 1;
        }
    }

    /// How many of a type are on their way at `now`.
    pub(super) fn of_type(&mut self, job_type: &str, now: Timestamp) -> usize {
        let Some(jobs) = self.types.get_mut(job_type) else {
            return 0;
        };
        let before = jobs.len();
        jobs.retain(|_, until| *until > now);
        let left = jobs.len();
        self.count -= before - left;
        if left == 0 {
            self.types.remove(job_type);
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::at;
    use super::*;

    #[test]
    fn a_job_counts_until_it_arrives_or_is_due_again() {
        let mut released = Released::default();
        for number in 0..3 {
            released.add("a", Uuid::from_u128(number), at(5));
        }
        released.add("b", Uuid::from_u128(9), at(9));
        assert_eq!(released.of_type("a", at(4)), 3);
        released.remove("a", &Uuid::from_u128(1));
        released.remove("a", &Uuid::from_u128(1));
        assert_eq!(released.of_type("a", at(4)), 2);
        assert_eq!(
            (released.of_type("a", at(5)), released.of_type("b", at(5))),
            (0, 1)
        );
        assert_eq!((released.count, released.types.len()), (1, 1));
    }

    #[test]
    fn the_number_is_bounded() {
        let mut released = Released::default();
        for number in 0..MOST as u128 + 10 {
            released.add("a", Uuid::from_u128(number), at(5));
        }
        assert_eq!(released.of_type("a", at(0)), MOST);
    }
}
