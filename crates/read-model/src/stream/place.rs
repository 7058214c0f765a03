//! Places in the event log, as clients know them: the `id` of what they get.

use std::fmt;
use std::str::FromStr;

use ports::Cursor;
use uuid::Uuid;

/// A place in the event log: behind a cursor, and of the events that follow it behind the one that is named.
///
/// The log knows cursors between batches only, so that an event inside a batch is named by the cursor before it and
/// its own identifier. Where that event is not found any more, everything behind the cursor counts as unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where to go on reading.
    pub(super) after: Cursor,
    /// The last one that was seen of what is read then.
    pub(super) seen: Option<Uuid>,
}

/// No cursor has it.
const SEPARATOR: char = '~';

impl Place {
    pub(super) fn behind(after: Cursor) -> Self {
        Self { after, seen: None }
    }

    pub(super) fn inside(after: Cursor, seen: Uuid) -> Self {
        Self {
            after,
            seen: Some(seen),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seen {
            None => write!(f, "{}", self.after),
            Some(seen) => write!(f, "{}{SEPARATOR}{}", self.after, seen.simple()),
        }
    }
}

/// A text that is no place of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed place")]
pub(crate) struct MalformedPlace;

impl FromStr for Place {
    type Err = MalformedPlace;

    fn from_str(text: &str) -> Result<Self, MalformedPlace> {
        let (after, seen) = match text.split_once(SEPARATOR) {
            None => (text, None),
            Some((after, seen)) => (after, Some(Uuid::try_parse(seen).map_err(|_| MalformedPlace)?)),
        };
        let after = after.parse().map_err(|_| MalformedPlace)?;
        Ok(Self { after, seen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let cursor = || Cursor::new("42-a.b_c");
        for place in [
            Place::behind(cursor()),
            Place::inside(cursor(), Uuid::from_u128(7)),
        ] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in [
            "",
            "~",
            "1~",
            "~00000000000000000000000000000007",
            "1~x",
            "a b",
            "1~2~3",
        ] {
            assert_eq!(text.parse::<Place>(), Err(MalformedPlace), "{text}");
        }
    }
}
