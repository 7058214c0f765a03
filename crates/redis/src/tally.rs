//! Jobs created, completed and failed, as they are stored: three numbers in text.

use std::str::FromStr;

/// What is counted per job type and per minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) created: u64,
    pub(crate) completed: u64,
    pub(crate) failed: u64,
}

/// A text that is no tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NoTally;

impl FromStr for Tally {
    type Err = NoTally;

    fn from_str(text: &str) -> Result<Self, NoTally> {
        let mut numbers = text.split(' ').map(str::parse);
        let mut next = || numbers.next().and_then(Result::ok).ok_or(NoTally);
        let tally = Self {
            created: next()?,
            completed: next()?,
            failed: next()?,
        };
        next().err().map_or(Err(NoTally), |_end| Ok(tally))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_numbers_are_a_tally() {
        let tally = Tally {
            created: 1,
            completed: 20,
            failed: 0,
        };
        assert_eq!("1 20 0".parse(), Ok(tally));
        for text in ["", "1 2", "1 2 3 4", "1 2 x", "1  2", "-1 2 3"] {
            assert_eq!(text.parse::<Tally>(), Err(NoTally), "{text}");
        }
    }
}
