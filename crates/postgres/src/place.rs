//! Places in lists, as cursors: the number of a job.

use ports::Cursor;

use crate::error::Failure;

/// The place of a number.
pub(crate) fn write(seq: i64) -> Cursor {
    Cursor::new(seq.to_string())
}

/// The number of a place.
///
/// # Errors
/// Where the text is not what [`write`] makes: cursors come from clients.
pub(crate) fn read(cursor: &Cursor) -> Result<i64, Failure> {
    let text = cursor.as_str();
    let number: Option<i64> = text.parse().ok();
    number
        .filter(|number| *number >= 0 && number.to_string() == text)
        .ok_or_else(|| Failure::Refused(format!("`{text}` is no place in a list")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_back_and_nothing_else_is_one() {
        for seq in [0, 1, i64::MAX] {
            assert_eq!(read(&write(seq)), Ok(seq));
        }
        for text in ["", "-1", "+1", "01", "1.5", "x", "99999999999999999999"] {
            assert!(
                matches!(read(&Cursor::new(text)), Err(Failure::Refused(_))),
                "{text}"
            );
        }
    }
}
