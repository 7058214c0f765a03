//! The jobs of one request.

use bytes::Bytes;

/// The most jobs of a portion.
const JOBS: u64 = 2_000;
/// The most bytes of a portion of more than one job.
const BYTES: usize = 4 * 1024 * 1024;

/// Jobs that are sent together, as JSON lines.
#[derive(Debug, Default)]
pub(super) struct Portion {
    /// How many.
    pub(super) jobs: u64,
    lines: Vec<u8>,
}

impl Portion {
    /// Whether it should be sent before this one is added.
    pub(super) fn has_room_for(&self, document: &[u8]) -> bool {
        self.jobs == 0 || self.jobs < JOBS && self.lines.len() + document.len() < BYTES
    }

    /// Adds a job.
    pub(super) fn push(&mut self, document: &[u8]) {
        self.jobs += 1;
        self.lines.extend_from_slice(document);
        self.lines.push(b'\n');
    }

    /// The body of the request.
    pub(super) fn body(&self) -> Bytes {
        Bytes::copy_from_slice(&self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portion_is_bounded_by_jobs_and_bytes_and_never_empty() {
        let mut portion = Portion::default();
        assert!(portion.has_room_for(&vec![b' '; 2 * BYTES]));
        for _ in 0..JOBS {
            assert!(portion.has_room_for(b"{}"));
            portion.push(b"{}");
        }
        assert!(!portion.has_room_for(b"{}"));
        let mut large = Portion::default();
        large.push(&vec![b' '; BYTES - 10]);
        assert!(!large.has_room_for(b"123456789"));
        assert_eq!(portion.body().len(), 3 * 2_000);
    }
}
