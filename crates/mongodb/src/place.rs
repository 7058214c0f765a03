//! Places in lists, as cursors that clients hold.

use ports::{Cursor, StoreError};

/// A list that is read newest first; its cursor names the last item that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pages {
    Events,
    DeadLetters,
}

impl Pages {
    /// The cursor of the page that starts below `position`.
    pub(crate) fn write(self, position: i64) -> Cursor {
        Cursor::new(format!("{}{position}", self.letter()))
    }

    /// The position that a page starts below; the first page starts below all.
    pub(crate) fn read(self, cursor: Option<&Cursor>) -> Result<i64, StoreError> {
        let Some(cursor) = cursor else { return Ok(i64::MAX) };
        let number = cursor.as_str().strip_prefix(self.letter());
        let position = number.and_then(|number| number.parse().ok());
        position
            .filter(|position| *position > 0)
            .ok_or_else(|| refused(cursor))
    }

    fn letter(self) -> char {
        match self {
            Self::Events => 'e',
            Self::DeadLetters => 'd',
        }
    }
}

fn refused(cursor: &Cursor) -> StoreError {
    StoreError::Refused(format!("cursor `{cursor}` is none of this list"))
}

/// A follower's cursor: behind `position` of the log called `log`.
pub(crate) fn write_followed(log: &str, position: i64) -> Cursor {
    Cursor::new(format!("f{position}.{log}"))
}

/// The position of a follower's cursor of the log called `log`.
pub(crate) fn read_followed(log: &str, cursor: &Cursor) -> Result<i64, StoreError> {
    let parts = cursor
        .as_str()
        .strip_prefix('f')
        .and_then(|text| text.split_once('.'));
    let (position, other) = parts.ok_or_else(|| refused(cursor))?;
    let position = position.parse().ok().filter(|position| *position >= 0);
    let position = position.ok_or_else(|| refused(cursor))?;
    if other != log {
        return Err(StoreError::Refused(format!(
            "cursor `{cursor}` is of another log"
        )));
    }
    Ok(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_in_its_list_alone() {
        for (list, other) in [
            (Pages::Events, Pages::DeadLetters),
            (Pages::DeadLetters, Pages::Events),
        ] {
            let cursor = list.write(42);
            assert_eq!(list.read(Some(&cursor)), Ok(42));
            assert_eq!(list.read(None), Ok(i64::MAX));
            assert!(other.read(Some(&cursor)).is_err());
            assert!(read_followed("a", &cursor).is_err());
        }
    }

    #[test]
    fn a_follower_goes_on_in_its_log_alone() {
        let cursor = write_followed("0a1b", 7);
        assert_eq!(read_followed("0a1b", &cursor), Ok(7));
        assert!(read_followed("ffff", &cursor).is_err());
        assert!(Pages::Events.read(Some(&cursor)).is_err());
    }

    #[test]
    fn foreign_cursors_are_refused() {
        for text in [
            "",
            "42",
            "e",
            "ex",
            "e-1",
            "e0",
            "e99999999999999999999",
            "f1",
            "f-1.a",
            "fx.a",
            "f.a",
        ] {
            let cursor = Cursor::new(text);
            assert!(Pages::Events.read(Some(&cursor)).is_err(), "{text}");
            assert!(read_followed("a", &cursor).is_err(), "{text}");
        }
    }
}
