//! How long to wait before a role that ended by itself is started again.

use std::time::Duration;

/// The first pause.
const FIRST: Duration = Duration::from_millis(500);

/// The longest pause.
const LONGEST: Duration = Duration::from_secs(30);

/// A role that ran for as long had begun well: its next pause is a first one again.
const WELL: Duration = Duration::from_mins(1);

/// Pauses that grow while a role does not come to run well.
#[derive(Debug)]
pub(super) struct Pauses(Duration);

impl Default for Pauses {
    fn default() -> Self {
        Self(FIRST)
    }
}

impl Pauses {
    /// The pause after a role has run for so long.
    pub(super) fn after(&mut self, ran: Duration) -> Duration {
        if ran >= WELL {
            self.0 = FIRST;
        }
        let pause = self.0;
        self.0 = (pause * 2).min(LONGEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_begin_anew_after_a_good_run() {
        let mut pauses = Pauses::default();
        let grown: Vec<u128> = (0..8).map(|_| pauses.after(Duration::ZERO).as_millis()).collect();
        assert_eq!(grown, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        assert_eq!(pauses.after(WELL), FIRST);
        assert_eq!(pauses.after(Duration::ZERO), FIRST * 2);
    }
}
