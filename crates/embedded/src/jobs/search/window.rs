//! Chunks that are looked at together: as many as a word has bits.

use std::ops::Range;

use super::chunk::range_of;

/// How many chunks a window has.
pub(in crate::jobs) const CHUNKS: i64 = 64;

/// Consecutive chunks. Sets of them are words, the lowest bit for the first chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::jobs) struct Window {
    /// The first chunk, a multiple of [`CHUNKS`].
    first: i64,
}

impl Window {
    /// The window that has this chunk.
    pub(in crate::jobs) fn of(chunk: i64) -> Self {
        Self {
            first: chunk - chunk.rem_euclid(CHUNKS),
        }
    }

    /// Its chunks.
    pub(in crate::jobs) fn chunks(self) -> Range<i64> {
        self.first..self.first + CHUNKS
    }

    /// The number of its first job.
    pub(in crate::jobs) fn start(self) -> i64 {
        range_of(self.first).start
    }

    /// The set of one of its chunks; empty for any other.
    pub(in crate::jobs) fn bit(self, chunk: i64) -> u64 {
        if self.chunks().contains(&chunk) {
            1 << (chunk - self.first)
        } else {
            0
        }
    }

    /// The set of its chunks from `chunk` on.
    pub(in crate::jobs) fn from(self, chunk: i64) -> u64 {
        match chunk - self.first {
            ..=0 => u64::MAX,
            skipped if skipped >= CHUNKS => 0,
            skipped => u64::MAX << skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_follow_one_another() {
        let window = Window::of(130);
        assert_eq!(window.chunks(), 128..192);
        assert_eq!(Window::of(127).chunks(), 64..128);
        assert_eq!(window.start(), 128 * 1024);
        assert_eq!(Window::of(128), Window::of(191));
    }

    #[test]
    fn chunks_are_bits() {
        let window = Window::of(64);
        assert_eq!(
            [63, 64, 127, 128].map(|chunk| window.bit(chunk)),
            [0, 1, 1 << 63, 0]
        );
        assert_eq!(
            [0, 64, 65, 127, 128, 900].map(|chunk| window.from(chunk)),
            [u64::MAX, u64::MAX, u64::MAX - 1, 1 << 63, 0, 0]
        );
    }
}
