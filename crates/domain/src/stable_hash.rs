//! One hash for everything that is stored by its hash.

/// FNV-1a of 64 bits: offset basis `cbf29ce484222325`, prime `100000001b3`.
///
/// Its values are kept in databases, so they are the same in every version of the program and on every machine;
/// `std`'s hashers promise neither. It does not withstand somebody who looks for collisions: whoever finds
/// something by such a hash compares the thing itself as well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StableHash(u64);

impl StableHash {
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Takes in bytes as they are: `ab` + `c` is the same as `a` + `bc`.
    pub(crate) fn bytes(self, bytes: &[u8]) -> Self {
        let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        Self(bytes.iter().fold(self.0, step))
    }

    /// Takes in one part of several: its length first (8 bytes, little endian), so that parts do not run together.
    pub(crate) fn part(self, part: &str) -> Self {
        self.bytes(&(part.len() as u64).to_le_bytes())
            .bytes(part.as_bytes())
    }

    pub(crate) const fn finish(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_values_are_those_of_the_published_algorithm() {
        let hash = |text: &str| StableHash::new().bytes(text.as_bytes()).finish();
        assert_eq!(hash(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(hash("foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn parts_do_not_run_together() {
        let pair = |a: &str, b: &str| StableHash::new().part(a).part(b).finish();
        assert_ne!(pair("ab", "c"), pair("a", "bc"));
    }
}
