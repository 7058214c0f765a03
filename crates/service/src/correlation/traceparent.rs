//! The W3C trace context, version 00.

use std::fmt::Write;

use domain::Ids;
use uuid::Uuid;

/// The length of a version 00 value, and the least of any later version.
const LENGTH: usize = 55;

/// A valid `traceparent`, as it is passed on. No span of ours stands between, so it is passed on unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceParent(String);

impl TraceParent {
    /// Reads a header's value; `None` for one that the specification tells to ignore.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let (version, trace, parent, flags) = (
            bytes.get(..2)?,
            bytes.get(3..35)?,
            bytes.get(36..52)?,
            bytes.get(53..LENGTH)?,
        );
        let hyphens = bytes[2] == b'-' && bytes[35] == b'-' && bytes[52] == b'-';
        let hex = [version, trace, parent, flags]
            .into_iter()
            .flatten()
            .all(|byte| is_lower_hex(*byte));
        let named = is_not_zero(trace) && is_not_zero(parent);
        (hyphens && hex && named && has_a_known_length(version, bytes)).then(|| Self(text.to_owned()))
    }

    /// A new context for a request that came without one. The trace id is the correlation id, so that each
    /// leads to the other.
    pub(super) fn for_request(correlation_id: Uuid, ids: &dyn Ids) -> Self {
        let root = if correlation_id.as_u64_pair().1 == 0 {
            ids.next()
        } else {
            correlation_id
        };
        let parent = root.as_u64_pair().1.max(1);
        let mut text = String::with_capacity(LENGTH);
        let written = write!(text, "00-{}-{parent:016x}-00", root.simple());
        debug_assert!(written.is_ok(), "a string takes every write");
        Self(text)
    }

    /// The header's value.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The header's value.
    pub fn into_string(self) -> String {
        self.0
    }
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_not_zero(digits: &[u8]) -> bool {
    digits.iter().any(|digit| *digit != b'0')
}

/// Version 00 ends after the flags; a later one may go on after a hyphen; ff does not exist.
fn has_a_known_length(version: &[u8], bytes: &[u8]) -> bool {
    match version {
        b"ff" => false,
        b"00" => bytes.len() == LENGTH,
        _ => bytes.len() <= 256 && bytes.get(LENGTH).is_none_or(|next| *next == b'-'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SeededIds;

    #[test]
    fn the_rules_of_the_specification_hold() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert!(TraceParent::parse(good).is_some());
        assert!(TraceParent::parse(&format!("01{}-more", &good[2..])).is_some());
        for bad in [
            String::new(),
            good[..54].to_owned(),
            format!("{good}-more"),
            format!("01{}more", &good[2..]),
            format!("ff{}", &good[2..]),
            good.to_uppercase(),
            good.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            good.replace("b7ad6b7169203331", &"0".repeat(16)),
            good.replace('-', "_"),
            "é".repeat(40),
        ] {
            assert_eq!(TraceParent::parse(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_made_context_is_valid_even_for_the_nil_id() {
        for id in [
            Uuid::nil(),
            Uuid::from_u128(1),
            Uuid::max(),
            Uuid::from_u128(1 << 100),
        ] {
            let made = TraceParent::for_request(id, &SeededIds::new(3));
            assert!(TraceParent::parse(made.as_str()).is_some(), "{made:?}");
        }
    }
}
