//! A place in the list of events: a block and a number in it.

use ports::Cursor;

use crate::error::Failure;

/// Which way a list of events is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Newest first, down to the events before the place.
    Pages,
    /// Oldest first, from the place on.
    Following,
}

impl List {
    fn letter(self) -> char {
        match self {
            Self::Pages => 'e',
            Self::Following => 'f',
        }
    }
}

/// A place in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) block: i64,
    pub(super) number: u64,
}

impl Spot {
    /// Behind everything.
    pub(super) const END: Self = Self {
        block: i64::MAX,
        number: u64::MAX,
    };

    /// Before everything in a block.
    pub(super) fn start_of(block: i64) -> Self {
        Self { block, number: 0 }
    }

    pub(super) fn write(self, list: List) -> Cursor {
        Cursor::new(format!("{}{}.{}", list.letter(), self.block, self.number))
    }

    /// The place that a cursor of this list names.
    pub(super) fn read(list: List, cursor: &Cursor) -> Result<Self, Failure> {
        let refused = || Failure::Refused(format!("cursor `{cursor}` is none of this list"));
        let parts = cursor
            .as_str()
            .strip_prefix(list.letter())
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_in_its_list_alone() {
        let spot = Spot { block: 42, number: 7 };
        for (list, other) in [(List::Pages, List::Following), (List::Following, List::Pages)] {
            assert_eq!(Spot::read(list, &spot.write(list)), Ok(spot));
            assert!(Spot::read(other, &spot.write(list)).is_err());
        }
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
            let read = Spot::read(List::Pages, &Cursor::new(text));
            assert!(matches!(read, Err(Failure::Refused(_))), "{text}");
        }
    }
}
