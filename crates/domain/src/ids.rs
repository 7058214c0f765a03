//! Identity as a parameter.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use uuid::{NoContext, Timestamp as UuidTimestamp, Uuid};

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
        let millis = UuidTimestamp::from_unix(NoContext, state.0, 0);
        let mut bytes = *Uuid::new_v7(millis).as_bytes();
        let (_, random) = bytes.split_at_mut(9);
        state.1.fill_bytes(random);
        Uuid::from_bytes(bytes)
    }
}
