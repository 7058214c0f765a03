//! JSON pointers (RFC 6901) for messages.

use std::borrow::Cow;

/// The longest part of a foreign key that a message repeats, in characters.
const LONGEST_KEY: usize = 64;

/// Appends one segment, escaped.
pub(crate) fn push(path: &mut String, segment: &str) {
    path.push('/');
    for character in segment.chars() {
        match character {
            '~' => path.push_str("~0"),
            '/' => path.push_str("~1"),
            other => path.push(other),
        }
    }
}

/// The pointer to a child.
pub(crate) fn join(path: &str, segment: &str) -> String {
    let mut joined = String::with_capacity(path.len() + segment.len() + 1);
    joined.push_str(path);
    push(&mut joined, segment);
    joined
}

/// A key as a message may repeat it: of bounded length.
pub(crate) fn shorten(key: &str) -> String {
    match key.char_indices().nth(LONGEST_KEY) {
        Some((end, _)) => format!("{}…", &key[..end]),
        None => key.to_owned(),
    }
}

/// Text on one line: control characters become spaces.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        Cow::Owned(text.replace(char::is_control, " "))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_escaped() {
        assert_eq!(join("/a", "b/c~d"), "/a/b~1c~0d");
        assert_eq!(join("", ""), "/");
    }

    #[test]
    fn long_keys_are_cut_between_characters() {
        assert_eq!(shorten("short"), "short");
        assert_eq!(shorten(&"é".repeat(64)), "é".repeat(64));
        assert_eq!(shorten(&"é".repeat(65)), format!("{}…", "é".repeat(64)));
    }

    #[test]
    fn control_characters_do_not_break_a_line() {
        assert_eq!(one_line("a\nb\u{1b}c"), "a b c");
    }
}
