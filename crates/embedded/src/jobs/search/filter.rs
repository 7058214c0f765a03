//! Which chunks may have a term: a Bloom filter of each chunk's terms, in parts.
//!
//! A term belongs to one part. The parts of one number, of all chunks, stand side by side in the table, so that a
//! search reads a fraction of the filters; a chunk is written at as many places as there are parts.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::window::Window;
use crate::codec::Malformed;
use crate::error::Failure;
use crate::hash::Scramble;

/// How many parts a filter has, as a power of two.
const PARTS: u32 = 5;

/// Where the number of a part stands in a row's, above the number of the chunk.
const PART_SHIFT: u32 = 40;

/// Bits for each term. With [`PROBES`], one chunk in 1,700 has a term by mistake.
const BITS_PER_TERM: usize = 16;

/// How many bits a term sets.
const PROBES: u64 = 8;

/// The notation of a part; its first byte.
const VERSION: u8 = 1;

/// Terms of a chunk, by their hashes.
pub(super) type Terms = HashSet<u64, Scramble>;

/// The filter of a chunk, part by part, without those that are empty.
pub(super) fn build(terms: &Terms) -> Vec<(i64, Vec<u8>)> {
    let mut parts: Vec<Vec<u64>> = vec![Vec::new(); 1 << PARTS];
    for term in terms {
        if let Some(part) = usize::try_from(part_of(*term))
            .ok()
            .and_then(|at| parts.get_mut(at))
        {
            part.push(*term);
        }
    }
    let filled = (0..).zip(&parts).filter(|(_, terms)| !terms.is_empty());
    filled.map(|(part, terms)| (part, encode(terms))).collect()
}

/// Stores parts of a chunk's filter.
pub(super) fn write(connection: &Connection, chunk: i64, parts: &[(i64, Vec<u8>)]) -> Result<(), Failure> {
    let sql = "INSERT OR REPLACE INTO job_filters (place, bits) VALUES (?1, ?2)";
    let mut insert = connection.prepare_cached(sql)?;
    for (part, bits) in parts {
        insert.execute(params![place(*part, chunk), bits])?;
    }
    Ok(())
}

/// Removes the filters of the chunks before `chunk`.
pub(super) fn remove_before(connection: &Connection, chunk: i64) -> Result<(), Failure> {
    let sql = "DELETE FROM job_filters WHERE place >= ?1 AND place < ?2";
    let mut delete = connection.prepare_cached(sql)?;
    for part in 0..1 << PARTS {
        delete.execute([place(part, 0), place(part, chunk)])?;
    }
    Ok(())
}

/// For each of the terms, the chunks of the window that may have it.
pub(in crate::jobs) fn chunks_with(
    connection: &Connection,
    window: Window,
    terms: &[u64],
) -> Result<Vec<u64>, Failure> {
    let mut sets = vec![0; terms.len()];
    let mut by_part: Vec<(i64, usize)> = terms.iter().map(|term| part_of(*term)).zip(0..).collect();
    by_part.sort_unstable();
    for of_one in by_part.chunk_by(|(a, _), (b, _)| a == b) {
        read_part(connection, window, of_one, |set, at, bits| {
            let found = terms.get(at).map_or(Ok(false), |term| has(bits, *term))?;
            if let Some(chunks) = sets.get_mut(at).filter(|_| found) {
                *chunks |= set;
            }
            Ok(())
        })?;
    }
    Ok(sets)
}

/// Holds the filters of one part against the terms that belong to it.
fn read_part(
    connection: &Connection,
    window: Window,
    terms: &[(i64, usize)],
    mut test: impl FnMut(u64, usize, &[u8]) -> Result<(), Malformed>,
) -> Result<(), Failure> {
    let Some((part, _)) = terms.first() else {
        return Ok(());
    };
    let sql = "SELECT place, bits FROM job_filters WHERE place >= ?1 AND place < ?2";
    let mut find = connection.prepare_cached(sql)?;
    let chunks = window.chunks();
    let mut rows = find.query([place(*part, chunks.start), place(*part, chunks.end)])?;
    while let Some(row) = rows.next()? {
        let place: i64 = row.get(0)?;
        let bits = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let set = window.bit(place & ((1 << PART_SHIFT) - 1));
        for (_, at) in terms {
            test(set, *at, bits)
                .map_err(|what| Failure::corrupt(format_args!("job_filters {place}"), what))?;
        }
    }
    Ok(())
}

/// The number of a row.
fn place(part: i64, chunk: i64) -> i64 {
    part << PART_SHIFT | chunk
}

fn part_of(term: u64) -> i64 {
    (mixed(term) >> (u64::BITS - PARTS)).cast_signed()
}

fn encode(terms: &[u64]) -> Vec<u8> {
    let mut out = vec![0; 1 + (terms.len() * BITS_PER_TERM).div_ceil(8)];
    out[0] = VERSION;
    let bits = &mut out[1..];
    for term in terms {
        for (byte, bit) in probes(*term, bits.len()) {
            bits[byte] |= bit;
        }
    }
    out
}

fn has(part: &[u8], term: u64) -> Result<bool, Malformed> {
    match part.split_first() {
        Some((&VERSION, bits)) if !bits.is_empty() => {
            Ok(probes(term, bits.len()).all(|(byte, bit)| bits[byte] & bit != 0))
        }
        _ => Err(Malformed::Bad("filter")),
    }
}

/// The bits of a term, each by its byte and within it.
fn probes(term: u64, bytes: usize) -> impl Iterator<Item = (usize, u8)> {
    // What chooses the part is the same for all terms in it; another mixture chooses the bits.
    let first = mixed(mixed(term));
    let step = mixed(first) | 1;
    (0..PROBES).map(move |probe| {
        let at = scaled(first.wrapping_add(step.wrapping_mul(probe)), bytes * 8);
        (at / 8, 1 << (at % 8))
    })
}

/// A number below `limit`, evenly.
fn scaled(hash: u64, limit: usize) -> usize {
    let product = u128::from(hash) * limit as u128;
    usize::try_from(product >> 64).unwrap_or(0)
}

/// Spreads what tells hashes apart over all bits (the finalizer of `SplitMix64`). The filters in databases depend on
/// it.
const fn mixed(hash: u64) -> u64 {
    let hash = hash.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(terms: impl IntoIterator<Item = u64>) -> Vec<(i64, Vec<u8>)> {
        build(&terms.into_iter().collect())
    }

    fn has_term(filter: &[(i64, Vec<u8>)], term: u64) -> bool {
        let part = filter.iter().find(|(part, _)| *part == part_of(term));
        part.is_some_and(|(_, bits)| has(bits, term).unwrap())
    }

    #[test]
    fn what_was_put_in_is_found() {
        for count in [1, 2, 100, 10_000] {
            let filter = parts(0..count);
            assert!((0..count).all(|term| has_term(&filter, term)), "{count}");
        }
    }

    #[test]
    fn little_else_is_found() {
        let filter = parts(0..10_000);
        let by_mistake = (1_000_000..1_100_000)
            .filter(|term| has_term(&filter, *term))
            .count();
        assert!(by_mistake < 100, "{by_mistake} of 100,000; 60 are expected");
        let bytes: usize = filter.iter().map(|(_, bits)| bits.len()).sum();
        assert!(bytes <= 20_000 + 64, "{bytes} bytes");
    }

    #[test]
    fn terms_are_spread_evenly_over_the_parts() {
        let filter = parts(0..32_000);
        assert_eq!(filter.len(), 32);
        let fair = 1_800..2_200;
        assert!(filter.iter().all(|(_, bits)| fair.contains(&bits.len())));
    }

    #[test]
    fn nothing_is_in_an_empty_filter() {
        assert_eq!(parts([]), []);
    }

    #[test]
    fn filters_are_the_same_in_every_version() {
        assert_eq!(parts([42]), [(23, vec![VERSION, 51, 77])]);
        assert_eq!(place(3, 5), 3_298_534_883_333);
    }

    #[test]
    fn bad_filters_are_refused() {
        for part in [&[][..], &[VERSION], &[9, 1]] {
            assert_eq!(has(part, 1), Err(Malformed::Bad("filter")));
        }
    }
}
