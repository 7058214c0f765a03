//! How a job's closed lists are stored. The numbers are in databases already: append, never change.

use contracts::Priority;
use domain::limits::Hold;

use crate::codec::Malformed;

/// The stored number of a priority; of two jobs the one with the lower rank goes first.
pub(super) const fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::High => 1,
        Priority::Normal => 2,
        Priority::Low => 3,
    }
}

/// The priority behind a stored number.
pub(super) fn priority(code: u8) -> Result<Priority, Malformed> {
    let known = Priority::ALL.into_iter().find(|known| rank(*known) == code);
    known.ok_or(Malformed::Bad("priority"))
}

/// The stored number of a reason to hold a job back; seven bits.
pub(super) const fn hold_code(hold: Hold) -> u8 {
    match hold {
        Hold::Paused => 1,
        Hold::Concurrency => 2,
        Hold::Rate => 3,
        Hold::Unique => 4,
    }
}

/// The reason behind a stored number.
pub(super) fn hold(code: u8) -> Result<Hold, Malformed> {
    let known = Hold::ALL.into_iter().find(|known| hold_code(*known) == code);
    known.ok_or(Malformed::Bad("reason to hold a job back"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_leads_back() {
        for known in Priority::ALL {
            assert_eq!(priority(rank(known)), Ok(known));
        }
        for known in Hold::ALL {
            assert_eq!(hold(hold_code(known)), Ok(known));
        }
        assert!(priority(0).is_err() && hold(5).is_err());
    }

    #[test]
    fn ranks_are_in_the_order_of_going() {
        assert!(Priority::ALL.map(rank).is_sorted());
    }
}
