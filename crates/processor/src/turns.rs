//! Whose turn it is among the queues of work.

use contracts::Priority;

/// The order of first choices. Of ten batches, six are offered to high, three to normal and one to low priority first;
/// a queue that has nothing passes its turn to the others, in the order of priority. So high work goes first, and low
/// work goes on under any flood of it.
const ROUND: [Priority; 10] = {
    use Priority::{High, Low, Normal};
    [High, Normal, High, High, Normal, High, Low, High, Normal, High]
};

/// Deals out turns.
#[derive(Debug, Default)]
pub(crate) struct Turns(usize);

impl Turns {
    /// The priorities in the order in which their queues are asked now.
    pub(crate) fn next(&mut self) -> [Priority; 3] {
        let first = ROUND[self.0 % ROUND.len()];
        self.0 = (self.0 + 1) % ROUND.len();
        match first {
            Priority::High => Priority::ALL,
            Priority::Normal => [Priority::Normal, Priority::High, Priority::Low],
            Priority::Low => [Priority::Low, Priority::High, Priority::Normal],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_priority_is_first_in_its_share() {
        let mut turns = Turns::default();
        let firsts: Vec<_> = (0..100).map(|_| turns.next()[0]).collect();
        let count = |priority| firsts.iter().filter(|first| **first == priority).count();
        assert_eq!(Priority::ALL.map(count), [60, 30, 10]);
    }

    #[test]
    fn every_turn_asks_all_and_the_higher_ones_before_the_lower() {
        let mut turns = Turns::default();
        for _ in 0..ROUND.len() {
            let [first, rest @ ..] = turns.next();
            assert!(rest[0] < rest[1] && !rest.contains(&first));
        }
    }
}
