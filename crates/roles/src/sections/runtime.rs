//! What a role runs on.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use crate::config::kinds::Count;
use crate::config::{About, Key, Preset, Settings, Values};

static THREADS: Key<Count> = Key {
    about: About {
        path: "runtime.threads",
        variables: &["OBSERVATORY_THREADS"],
        option: "threads",
        preset: Preset::Nothing,
        meaning: "How many threads run the role; half of the machine's processors, at least 1, where it is not set",
    },
    kind: Count { min: 1, max: 1_024 },
};

/// What a role runs on.
#[derive(Clone, Copy, Debug)]
pub struct Threads(usize);

impl Threads {
    /// How many there are. A role shares its machine with others and with servers; threads beyond what it needs only
    /// hand work to each other. What needs more than one process can give is shared by several.
    pub fn get(self) -> usize {
        self.0
    }

    pub(super) fn settings() -> Settings {
        vec![&THREADS]
    }

    pub(super) fn read(values: &mut Values<'_>) -> Option<Self> {
        let set = values.optional(&THREADS)?;
        Some(Self(set.unwrap_or_else(half)))
    }
}

fn half() -> usize {
    let processors = available_parallelism().map_or(1, NonZeroUsize::get);
    (processors / 2).max(1)
}
