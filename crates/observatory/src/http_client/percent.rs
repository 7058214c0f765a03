//! Values inside addresses.

/// A value as it stands in a query or a segment of a path: percent-encoded where it must be.
pub(crate) fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_could_end_a_value_is_encoded() {
        assert_eq!(encoded("aZ9-._~/+=&é"), "aZ9-._~%2F%2B%3D%26%C3%A9");
    }
}
