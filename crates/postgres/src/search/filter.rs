//! Which chunks may have a term: a Bloom filter of each chunk's terms, in parts.
//!
//! A term belongs to one part. The parts of one number, of all chunks, stand side by side in the table's index, so that
//! a search reads a fraction of the filters. The length of a part is a power of two in bits, so that the database finds
//! the bits of a term itself.

use std::collections::{BTreeMap, HashSet};

use sqlx::postgres::{PgBindIterExt, PgConnection};

use super::hash::mixed;
use crate::error::Failure;

/// How many parts a filter has, as a power of two.
const PARTS: u32 = 5;

/// Bits for each term, at least. With [`PROBES`], less than one chunk in 1,000 has a term by mistake.
const BITS_PER_TERM: usize = 16;

/// How many bits a term sets. The statement of [`chunks_with`] says the same.
const PROBES: u64 = 6;

/// Both numbers of a term are below this: their sums fit the database's.
const LIMIT: u64 = 1 << 40;

/// The parts of a chunk's filter, without those that are empty.
pub(super) fn build(terms: &HashSet<u64>) -> BTreeMap<i16, Vec<u8>> {
    let mut parts: BTreeMap<i16, Vec<u64>> = BTreeMap::new();
    for term in terms {
        parts.entry(part_of(*term)).or_default().push(*term);
    }
    parts
        .into_iter()
        .map(|(part, terms)| (part, encode(&terms)))
        .collect()
}

/// Stores the parts of a chunk's filter.
pub(super) async fn write(
    connection: &mut PgConnection,
    chunk: i64,
    parts: &BTreeMap<i16, Vec<u8>>,
) -> Result<(), Failure> {
    let sql = "INSERT INTO job_filters (part, chunk, bits)
               SELECT part, $1, bits FROM unnest($2::smallint[], $3::bytea[]) AS p (part, bits)
               ON CONFLICT (part, chunk) DO UPDATE SET bits = excluded.bits";
    sqlx::query(sql)
        .bind(chunk)
        .bind(parts.keys().copied().bind_iter())
        .bind(parts.values().map(|bits| &**bits).bind_iter())
        .execute(connection)
        .await?;
    Ok(())
}

/// Of the chunks from `from` and before `until`, those that may have a term: pairs of the term's place and a chunk.
pub(crate) async fn chunks_with(
    connection: &mut PgConnection,
    from: i64,
    until: i64,
    terms: &[u64],
) -> Result<Vec<(i64, i64)>, Failure> {
    let sql = "
        SELECT t.place, f.chunk
        FROM unnest($3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[]) AS t (place, part, first, step)
        CROSS JOIN LATERAL (
            SELECT chunk, bits, octet_length(bits)::bigint * 8 - 1 AS mask FROM job_filters
            WHERE job_filters.part = t.part AND chunk >= $1 AND chunk < $2 OFFSET 0) f
        WHERE get_bit(f.bits, t.first & f.mask) = 1
          AND get_bit(f.bits, t.first + t.step & f.mask) = 1
          AND get_bit(f.bits, t.first + t.step * 2 & f.mask) = 1
          AND get_bit(f.bits, t.first + t.step * 3 & f.mask) = 1
          AND get_bit(f.bits, t.first + t.step * 4 & f.mask) = 1
          AND get_bit(f.bits, t.first + t.step * 5 & f.mask) = 1";
    let numbers = terms.iter().map(|term| numbers(*term));
    Ok(sqlx::query_as(sql)
        .bind(from)
        .bind(until)
        .bind((0_i64..).zip(terms).map(|(place, _)| place).bind_iter())
        .bind(terms.iter().map(|term| part_of(*term)).bind_iter())
        .bind(numbers.clone().map(|(first, _)| first.cast_signed()).bind_iter())
        .bind(numbers.map(|(_, step)| step.cast_signed()).bind_iter())
        .fetch_all(connection)
        .await?)
}

/// All parts that a filter may have.
pub(super) fn parts_of_filters() -> Vec<i16> {
    (0..1 << PARTS).collect()
}

fn part_of(term: u64) -> i16 {
    let part = mixed(term) >> (u64::BITS - PARTS);
    i16::try_from(part).unwrap_or(0)
}

/// What chooses the bits of a term. What chooses its part is the same for all terms in it; this is another mixture.
fn numbers(term: u64) -> (u64, u64) {
    let first = mixed(mixed(term));
    (first % LIMIT, (mixed(first) % LIMIT) | 1)
}

fn encode(terms: &[u64]) -> Vec<u8> {
    let bits = (terms.len() * BITS_PER_TERM).next_power_of_two().max(64);
    let mut out = vec![0; bits / 8];
    for term in terms {
        for at in probes(*term, bits as u64) {
            let at = usize::try_from(at).unwrap_or(0);
            if let Some(byte) = out.get_mut(at / 8) {
                *byte |= 1 << (at % 8);
            }
        }
    }
    out
}

/// The bits of a term among so many.
fn probes(term: u64, bits: u64) -> impl Iterator<Item = u64> {
    let (first, step) = numbers(term);
    (0..PROBES).map(move |probe| (first + step * probe) & (bits - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(filter: &BTreeMap<i16, Vec<u8>>, term: u64) -> bool {
        filter.get(&part_of(term)).is_some_and(|part| {
            let set = |at: u64| part[usize::try_from(at / 8).unwrap()] & (1 << (at % 8)) != 0;
            probes(term, part.len() as u64 * 8).all(set)
        })
    }

    #[test]
    fn what_was_put_in_is_found() {
        for count in [1, 2, 100, 10_000] {
            let filter = build(&(0..count).collect());
            assert!((0..count).all(|term| has(&filter, term)), "{count}");
        }
    }

    #[test]
    fn little_else_is_found() {
        let filter = build(&(0..10_000).collect());
        let by_mistake = (1_000_000..1_100_000).filter(|term| has(&filter, *term)).count();
        assert!(by_mistake < 100, "{by_mistake} of 100,000");
        let bytes: usize = filter.values().map(Vec::len).sum();
        assert!(bytes <= 40_000, "{bytes} bytes");
    }

    #[test]
    fn terms_are_spread_evenly_over_the_parts() {
        let filter = build(&(0..24_000).collect());
        assert_eq!(filter.keys().copied().collect::<Vec<_>>(), parts_of_filters());
        assert!(filter.values().all(|bits| bits.len() == 2048), "750 terms each");
    }

    #[test]
    fn filters_are_the_same_in_every_version() {
        assert_eq!(part_of(42), 23);
        assert_eq!(probes(42, 64).collect::<Vec<_>>().len(), 6);
        assert!(build(&HashSet::new()).is_empty());
    }
}
