//! Identifiers that a run makes for its jobs: shaped like UUID version 7, ordered by index, made from a seed.

use uuid::{Builder, Uuid, Variant, Version};

use crate::seeded::{Stream, draw};

/// How many bits of the index stand in the field that version 7 leaves for sub-millisecond order.
const ORDER_BITS: u32 = 12;
const ORDER_MASK: u64 = (1 << ORDER_BITS) - 1;

/// The identifiers of one run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JobIds {
    seed: u64,
    base_millis: u64,
}

impl JobIds {
    /// Identifiers that pretend to be made from `base_millis` (since 1970) on.
    pub(crate) fn new(seed: u64, base_millis: u64) -> Self {
        Self { seed, base_millis }
    }

    /// The identifier of job `index`.
    pub(crate) fn id(&self, index: u64) -> Uuid {
        let millis = self.base_millis + (index >> ORDER_BITS);
        let order = u128::from(index & ORDER_MASK);
        let random = u128::from(draw(self.seed, Stream::Id, index));
        let bits = (u128::from(millis) << 80) | (order << 64) | random;
        Builder::from_u128(bits)
            .with_variant(Variant::RFC4122)
            .with_version(Version::SortRand)
            .into_uuid()
    }

    /// Which job has this identifier, if it is one of the run's.
    pub(crate) fn index(&self, id: Uuid) -> Option<u64> {
        let bits = id.as_u128();
        let millis = u64::try_from(bits >> 80).ok()?;
        let order = u64::try_from((bits >> 64) & u128::from(ORDER_MASK)).ok()?;
        let index = (millis.checked_sub(self.base_millis)? << ORDER_BITS) | order;
        (self.id(index) == id).then_some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: JobIds = JobIds {
        seed: 3,
        base_millis: 1_700_000_000_000,
    };

    #[test]
    fn ids_are_version_7_and_ordered_by_index() {
        let ids: Vec<_> = (0..10_000).map(|index| IDS.id(index)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.get_version() == Some(Version::SortRand)));
        assert!(ids.iter().all(|id| id.get_variant() == Variant::RFC4122));
    }

    #[test]
    fn an_id_leads_back_to_its_index() {
        for index in [0, 1, 4095, 4096, 1_000_000] {
            assert_eq!(IDS.index(IDS.id(index)), Some(index));
        }
    }

    #[test]
    fn a_foreign_id_leads_nowhere() {
        assert_eq!(IDS.index(Uuid::nil()), None);
        assert_eq!(IDS.index(Uuid::max()), None);
        assert_eq!(IDS.index(JobIds { seed: 4, ..IDS }.id(5)), None);
    }
}
