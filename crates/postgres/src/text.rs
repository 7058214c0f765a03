//! Client text in the database, which takes every character but NUL.
//!
//! NUL is written as two characters, the first of which is one that nobody types, and that one as two as well. So
//! whatever comes over the bus can be kept and comes back as it was, and what people see in the database is the text.

use std::borrow::Cow;

const ESCAPE: char = '\u{1a}';

/// The text as it is stored.
pub(crate) fn stored(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\0' => out.extend([ESCAPE, '0']),
            ESCAPE => out.extend([ESCAPE, '1']),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The text behind a stored one.
pub(crate) fn original(text: String) -> String {
    if !text.contains(ESCAPE) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            ESCAPE => out.push(if rest.next() == Some('0') { '\0' } else { ESCAPE }),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_and_none_has_a_nul() {
        for text in [
            "",
            "echo",
            "\0",
            "a\0b",
            "\u{1a}",
            "\u{1a}0",
            "\u{1a}\0\u{1a}1",
            "\u{1f980}\0",
        ] {
            let kept = stored(text).into_owned();
            assert!(!kept.contains('\0'), "{text:?}");
            assert_eq!(original(kept), text);
        }
    }

    #[test]
    fn different_texts_stay_different() {
        assert_ne!(stored("\0"), stored("\u{1a}0"));
        assert!(matches!(stored("plain"), Cow::Borrowed("plain")));
    }
}
