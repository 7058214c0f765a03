//! A place in the list of events: a block and a number in it.

use ports::Cursor;

use crate::error::Failure;

/// Everything before an event, in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) block: i64,
    pub(super) number: u64,
}

impl Spot {
    /// Behind everything.
    const END: Self = Self {
        block: i64::MAX,
        number: u64::MAX,
    };

    pub(super) fn write(self) -> Cursor {
        Cursor::new(format!("e{}.{}", self.block, self.number))
    }

    /// Where a page starts; the first one starts behind everything.
    pub(super) fn read(cursor: Option<&Cursor>) -> Result<Self, Failure> {
        let Some(cursor) = cursor else {
            return Ok(Self::END);
        };
        let refused = || Failure::Refused(format!("cursor `{cursor}` is none of this list"));
        let parts = cursor
            .as_str()
            .strip_prefix('e')
            .and_then(|text| text.split_once('.'));
        let (block, number) = parts.ok_or_else(refused)?;
        let block = block
            .parse()
            .ok()
            .filter(|block| *block > 0)
            .ok_or_else(refused)?;
        let number = number.parse().map_err(|_| refused())?;
        Ok(Self { block, number })
    }

    /// Whether an event is before this place.
    pub(super) fn is_after(self, block: i64, number: u64) -> bool {
        (block, number) < (self.block, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        let spot = Spot { block: 42, number: 7 };
        assert_eq!(Spot::read(Some(&spot.write())), Ok(spot));
        assert_eq!(Spot::read(None), Ok(Spot::END));
    }

    #[test]
    fn foreign_cursors_are_refused() {
        for text in [
            "",
            "42",
            "e",
            "e1",
            "e.",
            "e1.",
            "e.1",
            "e0.1",
            "e-1.1",
            "e1.-1",
            "j7",
            "e1.99999999999999999999",
        ] {
            let read = Spot::read(Some(&Cursor::new(text)));
            assert!(matches!(read, Err(Failure::Refused(_))), "{text}");
        }
    }
}
