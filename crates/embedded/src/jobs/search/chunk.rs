//! Chunks: jobs of consecutive numbers.

use std::ops::Range;

/// How many jobs a chunk has, as a power of two.
const SIZE: u32 = 10;

/// The chunk of the job of this number.
pub(in crate::jobs) const fn chunk_of(seq: i64) -> i64 {
    seq >> SIZE
}

/// The numbers of the jobs of a chunk.
pub(in crate::jobs) const fn range_of(chunk: i64) -> Range<i64> {
    chunk << SIZE..(chunk + 1) << SIZE
}
