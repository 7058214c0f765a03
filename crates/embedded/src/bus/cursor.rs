//! What is saved of a queue: which of the messages before its place are not settled, and how often each of
//! them came back.

use std::collections::BTreeMap;

use crate::codec::{Malformed, Reader, put_varint};

/// The notation of [`encode`]; the first byte of every stored list.
const VERSION: u8 = 1;

/// Unsettled messages by number, with how often each came back.
pub(super) type Outstanding = BTreeMap<u64, u32>;

/// The list as it is stored: distances, doubled, plus one where a count follows.
pub(super) fn encode(outstanding: &Outstanding) -> Vec<u8> {
    let mut out = Vec::with_capacity(2 + outstanding.len() * 2);
    out.push(VERSION);
    let mut last = 0;
    for (seq, returns) in outstanding {
        let counted = u64::from(*returns > 0);
        put_varint(&mut out, ((seq - last) << 1) | counted);
        if *returns > 0 {
            put_varint(&mut out, u64::from(*returns));
        }
        last = *seq;
    }
    out
}

pub(super) fn decode(stored: &[u8]) -> Result<Outstanding, Malformed> {
    let mut reader = Reader::new(stored);
    if reader.byte()? != VERSION {
        return Err(Malformed::Bad("cursor version"));
    }
    let mut outstanding = Outstanding::new();
    let mut last = 0_u64;
    while !reader.is_empty() {
        let coded = reader.varint()?;
        let seq = last.checked_add(coded >> 1).ok_or(Malformed::Bad("place"))?;
        let returns = if coded & 1 == 1 { reader.u32()? } else { 0 };
        outstanding.insert(seq, returns);
        last = seq;
    }
    Ok(outstanding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_list_comes_back_as_it_was(
            outstanding in proptest::collection::btree_map(1..u64::MAX / 2, 0_u32..50, 0..40),
        ) {
            prop_assert_eq!(decode(&encode(&outstanding)), Ok(outstanding));
        }

        #[test]
        fn no_bytes_make_it_panic(stored: Vec<u8>) {
            let _ = decode(&stored);
        }
    }

    #[test]
    fn neighbours_take_a_byte_each() {
        let outstanding: Outstanding = (1..=1000).map(|seq| (seq, 0)).collect();
        assert_eq!(encode(&outstanding).len(), 1001);
    }
}
