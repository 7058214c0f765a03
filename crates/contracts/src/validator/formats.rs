//! The two string formats of the contracts, in the one spelling that every store can hold.

use jiff::Timestamp;

const UUID_LENGTH: usize = 36;

/// Whether the text is a UUID in its plain form: 36 characters, four hyphens, no prefix and no braces.
pub(super) fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == UUID_LENGTH
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Whether the text is an RFC 3339 date-time with an offset, at or after 1970 and within the year 9999.
///
/// Seconds may have up to nine decimal places. The last accepted instant is [`Timestamp::MAX`].
pub(super) fn is_date_time(text: &str) -> bool {
    let Some((date_and_time, rest)) = text.as_bytes().split_at_checked(19) else {
        return false;
    };
    has_date_and_time_shape(date_and_time)
        && is_offset(after_fraction(rest))
        && text
            .parse::<Timestamp>()
            .is_ok_and(|instant| instant >= Timestamp::UNIX_EPOCH)
}

fn has_date_and_time_shape(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().all(|(at, byte)| match at {
        4 | 7 => *byte == b'-',
        10 => matches!(byte, b'T' | b't'),
        13 | 16 => *byte == b':',
        _ => byte.is_ascii_digit(),
    })
}

fn after_fraction(bytes: &[u8]) -> &[u8] {
    let [b'.', fraction @ ..] = bytes else {
        return bytes;
    };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 { bytes } else { &fraction[digits..] }
}

fn is_offset(bytes: &[u8]) -> bool {
    match bytes {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', hour @ .., b':', tens, ones] => {
            matches!(hour, [b'0' | b'1', b'0'..=b'9'] | [b'2', b'0'..=b'3'])
                && matches!(tens, b'0'..=b'5')
                && ones.is_ascii_digit()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_uuids_pass() {
        for text in [
            "0191d2a0-7c1e-7000-8000-000000000001",
            "FFFFFFFF-FFFF-ffff-FFFF-FFFFFFFFFFFF",
        ] {
            assert!(is_uuid(text), "{text}");
        }
    }

    #[test]
    fn other_spellings_of_a_uuid_do_not() {
        for text in [
            "",
            "urn:uuid:0191d2a0-7c1e-7000-8000-000000000001",
            "{0191d2a0-7c1e-7000-8000-000000000001}",
            "0191d2a07c1e70008000000000000001",
            "0191d2a0-7c1e-7000-8000-00000000000g",
            "0191d2a0-7c1e-7000-8000-0000000000011",
            "0191d2a07-c1e-7000-8000-000000000001",
            " 191d2a0-7c1e-7000-8000-000000000001",
        ] {
            assert!(!is_uuid(text), "{text}");
        }
    }

    #[test]
    fn rfc_3339_date_times_pass() {
        for text in [
            "1970-01-01T00:00:00Z",
            "2026-01-02T03:04:05.123456789Z",
            "2026-01-02t03:04:05.1z",
            "2026-01-02T03:04:05+05:30",
            "2024-02-29T23:59:59-00:00",
            "2016-12-31T23:59:60Z",
            "9999-12-30T21:59:59Z",
        ] {
            assert!(is_date_time(text), "{text}");
        }
    }

    #[test]
    fn what_a_store_or_a_reader_would_refuse_does_not() {
        for text in [
            "",
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05,5Z",
            "2026-01-02T03:04:05.1234567890Z",
            "2026-01-02T03:04:05+0530",
            "2026-01-02T03:04:05+24:00",
            "2026-01-02T03:04:05+05:30[Asia/Kolkata]",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-01-02T24:00:00Z",
            "0000-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "+002026-01-02T03:04:05Z",
            "２026-01-02T03:04:05Z",
        ] {
            assert!(!is_date_time(text), "{text}");
        }
    }
}
