//! Places in lists, as cursors that clients hold.
//!
//! Each list is read by falling number, and the journal by rising; a cursor names the last item that was read.

use ports::Cursor;

use crate::error::Failure;

/// The list that a cursor belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Jobs,
    DeadLetters,
    Journal,
}

impl Place {
    /// The cursor of the page that starts behind number `seq`.
    pub(crate) fn write(self, seq: i64) -> Cursor {
        Cursor::new(format!("{}{seq}", self.letter()))
    }

    /// The number that a page starts below; the first page starts below all.
    pub(crate) fn read(self, cursor: Option<&Cursor>) -> Result<i64, Failure> {
        let Some(cursor) = cursor else { return Ok(i64::MAX) };
        let number = cursor.as_str().strip_prefix(self.letter());
        let seq = number
            .and_then(|number| number.parse().ok())
            .filter(|seq| *seq > 0);
        seq.ok_or_else(|| Failure::Refused(format!("cursor `{cursor}` is none of this list")))
    }

    fn letter(self) -> char {
        match self {
            Self::Jobs => 'j',
            Self::DeadLetters => 'd',
            Self::Journal => 'h',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let cursor = Place::Jobs.write(42);
        assert_eq!(Place::Jobs.read(Some(&cursor)), Ok(42));
        assert_eq!(Place::Jobs.read(None), Ok(i64::MAX));
    }

    #[test]
    fn foreign_cursors_are_refused() {
        for text in ["", "42", "j", "jx", "j-1", "j0", "j99999999999999999999", "e7"] {
            let read = Place::Jobs.read(Some(&Cursor::new(text)));
            assert!(matches!(read, Err(Failure::Refused(_))), "{text}");
        }
    }
}
