//! Identity as a parameter.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::{Builder, Uuid};

/// Where new identifiers come from.
pub trait Ids: Send + Sync + 'static {
    /// A new time-ordered identifier (version 7).
    fn next(&self) -> Uuid;
}

/// Identifiers of the machine's clock and entropy.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Repeatable identifiers for tests and simulations: time-ordered by a counter, random by a seed.
#[derive(Debug)]
pub struct SeededIds(Mutex<(u64, StdRng)>);

impl SeededIds {
    /// The same seed gives the same identifiers.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new((1_700_000_000, StdRng::seed_from_u64(seed))))
    }
}

impl Ids for SeededIds {
    fn next(&self) -> Uuid {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.0 += 1;
        let mut random = [0; 10];
        state.1.fill_bytes(&mut random);
        Builder::from_unix_timestamp_millis(state.0 * 1000, &random).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_every_bit_and_the_order_is_that_of_time() {
        let (first, second, other) = (SeededIds::new(1), SeededIds::new(1), SeededIds::new(2));
        let ids: Vec<Uuid> = (0..100).map(|_| first.next()).collect();
        assert!(
            ids.iter()
                .all(|id| *id == second.next() && id.get_version_num() == 7)
        );
        assert!(ids.is_sorted());
        assert_ne!(ids[0], other.next());
    }
}
