//! The small binary notation of everything that is stored as a blob: variable-length integers, lengths
//! before bytes.

use uuid::Uuid;

/// Stored bytes that are not what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    /// The bytes end too early.
    #[error("cut short")]
    Short,
    /// A number does not fit, a code is unknown or text is no UTF-8.
    #[error("bad {0}")]
    Bad(&'static str),
}

/// Appends `value`, seven bits to a byte, the lowest first.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Appends a signed number, small ones of either sign in few bytes.
pub(crate) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put_varint(out, (value << 1).cast_unsigned() ^ (value >> 63).cast_unsigned());
}

/// Appends a length and the bytes.
pub(crate) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads what the functions above wrote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.0.split_first().ok_or(Malformed::Short)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(crate) fn varint(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return Err(Malformed::Bad("number"));
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Malformed::Bad("number"))
    }

    pub(crate) fn signed(&mut self) -> Result<i64, Malformed> {
        let coded = self.varint()?;
        Ok((coded >> 1).cast_signed() ^ -(coded & 1).cast_signed())
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        u32::try_from(self.varint()?).map_err(|_| Malformed::Bad("number"))
    }

    pub(crate) fn take(&mut self, count: usize) -> Result<&'b [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed::Short)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'b [u8], Malformed> {
        let count = usize::try_from(self.varint()?).map_err(|_| Malformed::Bad("length"))?;
        self.take(count)
    }

    /// Everything that is left.
    pub(crate) fn rest(self) -> &'b [u8] {
        self.0
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed::Bad("text"))
    }

    pub(crate) fn uuid(&mut self) -> Result<Uuid, Malformed> {
        Uuid::from_slice(self.take(16)?).map_err(|_| Malformed::Bad("identifier"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_and_bytes_come_back_as_they_were(
            unsigned: u64, signed: i64, bytes: Vec<u8>, text: String,
        ) {
            let mut out = Vec::new();
            put_varint(&mut out, unsigned);
            put_signed(&mut out, signed);
            put_bytes(&mut out, &bytes);
            put_bytes(&mut out, text.as_bytes());
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.varint(), Ok(unsigned));
            prop_assert_eq!(reader.signed(), Ok(signed));
            prop_assert_eq!(reader.bytes(), Ok(&*bytes));
            prop_assert_eq!(reader.text(), Ok(&*text));
            prop_assert!(reader.is_empty());
        }
    }

    #[test]
    fn extremes_fit() {
        for value in [i64::MIN, -1, 0, 1, i64::MAX] {
            let mut out = Vec::new();
            put_signed(&mut out, value);
            assert_eq!(Reader::new(&out).signed(), Ok(value));
        }
    }

    #[test]
    fn what_is_cut_or_overlong_is_refused() {
        assert_eq!(Reader::new(&[0x80]).varint(), Err(Malformed::Short));
        assert_eq!(Reader::new(&[0xff; 11]).varint(), Err(Malformed::Bad("number")));
        assert_eq!(Reader::new(&[5, 1, 2]).bytes(), Err(Malformed::Short));
        assert_eq!(Reader::new(&[1, 0xff]).text(), Err(Malformed::Bad("text")));
        assert_eq!(Reader::new(&[0; 15]).uuid(), Err(Malformed::Short));
    }
}
