//! Randomness as a pure function: what is drawn depends on the seed, a stream and an index, never on what was
//! drawn before. So the thousandth job of a run can be made again without the first 999, and a run of the
//! same seed asks the same questions on every machine.

/// Keeps draws for different purposes apart.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    /// The random bits of a job's identifier.
    Id = 1,
    /// Which kind of job it is.
    Kind,
    /// How long a sleeping job sleeps.
    Sleep,
    /// Whether it is submitted again after its acceptance.
    Repeat,
    /// How much later that happens.
    RepeatDelay,
    /// Whether a group of jobs is submitted as one batch.
    Batch,
    /// The order of the kinds of kills.
    KillKind,
    /// The moment of a kill.
    KillMoment,
    /// The delay before a kill.
    KillDelay,
    /// Which jobs of a run are looked at closely.
    Sample,
    /// Which of the waiting jobs a job goes before.
    Priority,
    /// How long a job is not to start.
    Delay,
    /// The order of the sorts of what kills hit.
    BlowSort,
    /// Which process a kill hits.
    BlowPost,
    /// Which other one it hits at once.
    BlowSecond,
}

/// The 64 bits at `index` of a stream.
pub(crate) fn draw(seed: u64, stream: Stream, index: u64) -> u64 {
    mix(mix(mix(seed) ^ stream as u64) ^ index)
}

/// A draw between 0 and `bound` - 1; 0 where `bound` is 0.
pub(crate) fn draw_below(seed: u64, stream: Stream, index: u64, bound: u64) -> u64 {
    let wide = u128::from(draw(seed, stream, index)) * u128::from(bound);
    u64::try_from(wide >> 64).unwrap_or(0)
}

/// The finaliser of the `SplitMix64` generator: every input bit reaches every output bit.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_depend_on_seed_stream_and_index() {
        let reference = draw(1, Stream::Id, 1);
        assert_eq!(reference, draw(1, Stream::Id, 1));
        assert_ne!(reference, draw(2, Stream::Id, 1));
        assert_ne!(reference, draw(1, Stream::Kind, 1));
        assert_ne!(reference, draw(1, Stream::Id, 2));
    }

    #[test]
    fn bounded_draws_fill_their_range_evenly() {
        let mut counts = [0_u32; 10];
        for index in 0..10_000 {
            let drawn = draw_below(7, Stream::Kind, index, 10);
            counts[usize::try_from(drawn).unwrap()] += 1;
        }
        assert!(
            counts.iter().all(|count| (850..1150).contains(count)),
            "{counts:?}"
        );
    }
}
