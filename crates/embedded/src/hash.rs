//! Hashing for maps keyed by identifiers or numbers, which the standard hasher would take longer over than
//! over everything else that is done with them.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Builds hashers with a secret of their own, because identifiers are chosen by clients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scramble(u64, u64);

impl Default for Scramble {
    fn default() -> Self {
        let random = RandomState::new();
        Self(random.hash_one(1_u8) | 1, random.hash_one(2_u8))
    }
}

impl BuildHasher for Scramble {
    type Hasher = Scrambler;

    fn build_hasher(&self) -> Scrambler {
        Scrambler {
            factor: self.0,
            state: self.1,
        }
    }
}

/// Multiplies every eight bytes into the state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scrambler {
    factor: u64,
    state: u64,
}

impl Hasher for Scrambler {
    fn write(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.factor);
        let [low, high] = [product, product >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)));
        self.state = (low.unwrap_or_default() ^ high.unwrap_or_default()).wrapping_add(self.factor);
    }

    fn write_usize(&mut self, length: usize) {
        self.write_u64(length as u64);
    }

    /// Spreads what a single multiplication leaves in a few bits.
    fn finish(&self) -> u64 {
        let once = (self.state ^ (self.state >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let twice = (once ^ (once >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        twice ^ (twice >> 32)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Uuid;

    use super::*;

    #[test]
    fn neighbours_fall_apart_in_every_part_of_the_hash() {
        let scramble = Scramble::default();
        let hashes: Vec<u64> = (0..4096_u128)
            .map(|id| scramble.hash_one(Uuid::from_u128(id)))
            .collect();
        let distinct = |part: fn(&u64) -> u64| hashes.iter().map(part).collect::<HashSet<_>>().len();
        assert_eq!(distinct(|hash| *hash), 4096);
        for (name, count) in [
            ("low", distinct(|hash| hash & 0xfff)),
            ("high", distinct(|hash| hash >> 52)),
        ] {
            assert!(
                count > 2200,
                "{name}: {count} of 4096 are distinct; chance gives 2589"
            );
        }
    }
}
