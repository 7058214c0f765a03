//! Keyset pages: a list is read in slices, each naming where the next one starts.

use std::fmt;
use std::str::FromStr;

/// A place in a list. Opaque to clients; only the adapter that made it reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// Wraps an adapter's own notation, which must be made of letters, digits, `-`, `_`, `.`.
    pub fn new(place: impl Into<String>) -> Self {
        Self(place.into())
    }

    /// The adapter's notation.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that no adapter of ours would have made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed cursor")]
pub struct MalformedCursor;

impl FromStr for Cursor {
    type Err = MalformedCursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let fits = !text.is_empty() && text.len() <= 128 && text.chars().all(plain);
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedCursor)
        }
    }
}

/// A slice of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The slice, in the order of the list.
    pub items: Vec<T>,
    /// Where the next slice starts; `None` at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The same page with every item changed.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(change).collect(),
            next: self.next,
        }
    }
}
