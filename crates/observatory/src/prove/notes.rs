//! What is remembered of single jobs while they are submitted, of the few kinds that need it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use tokio::time::Instant;

/// What a wish to withdraw a job was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Withdrawal {
    /// It is CANCELLED.
    Done,
    /// It runs, and its worker will be told.
    Requested,
    /// It has ended.
    TooLate,
}

/// The memory, bounded by the number of jobs of those kinds.
#[derive(Debug, Default)]
pub(super) struct Notes {
    withdrawals: Mutex<HashMap<u64, Withdrawal>>,
    refused_since: Mutex<HashMap<u64, Instant>>,
    answered: Mutex<HashMap<u64, Timestamp>>,
}

impl Notes {
    /// Notes the answer to a withdrawal.
    pub(super) fn withdrawn(&self, index: u64, answer: Withdrawal) {
        locked(&self.withdrawals).insert(index, answer);
    }

    /// What a withdrawal was answered, if it was.
    pub(super) fn withdrawal(&self, index: u64) -> Option<Withdrawal> {
        locked(&self.withdrawals).get(&index).copied()
    }

    /// Notes a refusal, and says since when there is no other answer.
    pub(super) fn refused(&self, index: u64) -> Instant {
        *locked(&self.refused_since)
            .entry(index)
            .or_insert_with(Instant::now)
    }

    /// Notes when a job with a unique key was answered 202.
    pub(super) fn answered(&self, index: u64, at: Timestamp) {
        locked(&self.answered).entry(index).or_insert(at);
    }

    /// When a job with a unique key was answered 202.
    pub(super) fn answered_at(&self, index: u64) -> Option<Timestamp> {
        locked(&self.answered).get(&index).copied()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_refusal_and_the_first_answer_count() {
        let notes = Notes::default();
        let first = notes.refused(1);
        assert_eq!(notes.refused(1), first);
        let (early, late) = (Timestamp::UNIX_EPOCH, Timestamp::MAX);
        notes.answered(1, early);
        notes.answered(1, late);
        assert_eq!((notes.answered_at(1), notes.answered_at(2)), (Some(early), None));
    }

    #[test]
    fn the_last_word_on_a_withdrawal_counts() {
        let notes = Notes::default();
        notes.withdrawn(1, Withdrawal::Requested);
        notes.withdrawn(1, Withdrawal::TooLate);
        assert_eq!(notes.withdrawal(1), Some(Withdrawal::TooLate));
        assert_eq!(notes.withdrawal(2), None);
    }
}
