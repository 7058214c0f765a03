//! The pieces in which a batch is prepared and published.

use bytes::Bytes;

/// The most jobs in a chunk: enough to share a commit of the bus, few enough not to hold a thread for long.
const JOBS: usize = 500;

/// The most bytes in a chunk of more than one job, for the same reason.
const BYTES: usize = 1024 * 1024;

/// Cuts a batch into chunks, each with the place of its first job.
pub(super) fn chunks(items: &[Bytes]) -> impl Iterator<Item = (usize, &[Bytes])> {
    let mut first = 0;
    std::iter::from_fn(move || {
        let rest = items.get(first..).filter(|rest| !rest.is_empty())?;
        let (place, chunk) = (first, &rest[..length(rest)]);
        first += chunk.len();
        Some((place, chunk))
    })
}

/// How many of these make the next chunk: at least one.
fn length(items: &[Bytes]) -> usize {
    let mut bytes = 0;
    let fits = |item: &&Bytes| {
        bytes += item.len();
        bytes <= BYTES
    };
    items.iter().take(JOBS).take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(items: &[Bytes]) -> Vec<(usize, usize)> {
        chunks(items).map(|(first, chunk)| (first, chunk.len())).collect()
    }

    #[test]
    fn small_jobs_are_cut_by_number() {
        assert_eq!(
            cut(&vec![Bytes::from_static(b"{}"); 1201]),
            [(0, 500), (500, 500), (1000, 201)]
        );
        assert_eq!(cut(&[]), []);
    }

    #[test]
    fn large_jobs_are_cut_by_size_and_never_dropped() {
        let (half, huge) = (Bytes::from(vec![0; BYTES / 2]), Bytes::from(vec![0; BYTES + 1]));
        let items = [half.clone(), half.clone(), half.clone(), huge, half];
        assert_eq!(cut(&items), [(0, 2), (2, 1), (3, 1), (4, 1)]);
    }
}
