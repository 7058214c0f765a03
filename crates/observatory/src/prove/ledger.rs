//! What the gateway has promised so far, and what was wrong with its answers.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::findings::{Breach, Findings};

/// Shared by everything that submits. Two bits per job, a handful of counters.
#[derive(Debug)]
pub(super) struct Ledger {
    accepted: Vec<AtomicU64>,
    accepted_count: AtomicU64,
    refused: Vec<AtomicU64>,
    /// Refused, and not accepted since.
    waiting_count: AtomicU64,
    refusals: AtomicU64,
    given_up: AtomicU64,
    unanswered: AtomicU64,
    turned_away: AtomicU64,
    repeated: AtomicU64,
    findings: Mutex<Findings>,
}

impl Ledger {
    /// A ledger for `jobs` jobs.
    pub(super) fn new(jobs: u64) -> Self {
        Self {
            accepted: bits(jobs),
            accepted_count: AtomicU64::new(0),
            refused: bits(jobs),
            waiting_count: AtomicU64::new(0),
            refusals: AtomicU64::new(0),
            given_up: AtomicU64::new(0),
            unanswered: AtomicU64::new(0),
            turned_away: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            findings: Mutex::default(),
        }
    }

    /// Notes that a job was accepted. Says whether that is news.
    pub(super) fn accept(&self, index: u64) -> bool {
        let (word, bit) = place(index);
        let before = self.accepted[word].fetch_or(bit, Ordering::Relaxed);
        let news = before & bit == 0;
        if news {
            self.accepted_count.fetch_add(1, Ordering::Relaxed);
            if self.refused[word].load(Ordering::Relaxed) & bit != 0 {
                self.waiting_count.fetch_sub(1, Ordering::Relaxed);
            }
        }
        news
    }

    /// Notes that a job was refused because another one holds its unique key; it will be submitted again.
    pub(super) fn refuse(&self, index: u64) {
        let (word, bit) = place(index);
        self.refusals.fetch_add(1, Ordering::Relaxed);
        if self.refused[word].fetch_or(bit, Ordering::Relaxed) & bit == 0 {
            self.waiting_count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often a unique key was another job's.
    pub(super) fn refusals(&self) -> u64 {
        self.refusals.load(Ordering::Relaxed)
    }

    /// Whether a job was accepted.
    pub(super) fn is_accepted(&self, index: u64) -> bool {
        let (word, bit) = place(index);
        self.accepted[word].load(Ordering::Relaxed) & bit != 0
    }

    /// How many jobs were accepted.
    pub(super) fn accepted(&self) -> u64 {
        self.accepted_count.load(Ordering::Relaxed)
    }

    /// Notes that a job will not be accepted any more, and why that is wrong.
    pub(super) fn give_up(&self, job: impl fmt::Display, reason: impl Into<String>) {
        self.unexpected(job, reason);
        self.given_up.fetch_add(1, Ordering::Relaxed);
    }

    /// How many jobs have had an answer: accepted, refused for now, or given up.
    pub(super) fn settled(&self) -> u64 {
        let others = [&self.waiting_count, &self.given_up];
        self.accepted()
            + others
                .map(|count| count.load(Ordering::Relaxed))
                .iter()
                .sum::<u64>()
    }

    /// Notes an answer that should not be.
    pub(super) fn unexpected(&self, subject: impl fmt::Display, reason: impl Into<String>) {
        let mut findings = self.findings.lock().unwrap_or_else(PoisonError::into_inner);
        findings.add(Breach::Unexpected, subject, reason);
    }

    /// Notes a submission whose answer was lost.
    pub(super) fn lost_answer(&self) {
        self.unanswered.fetch_add(1, Ordering::Relaxed);
    }

    /// How many submissions got no answer.
    pub(super) fn unanswered(&self) -> u64 {
        self.unanswered.load(Ordering::Relaxed)
    }

    /// Notes a submission that was told to come back later.
    pub(super) fn turn_away(&self) {
        self.turned_away.fetch_add(1, Ordering::Relaxed);
    }

    /// How many submissions were told to come back later.
    pub(super) fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// Notes a submission of a job that was accepted before.
    pub(super) fn repeat(&self) {
        self.repeated.fetch_add(1, Ordering::Relaxed);
    }

    /// How many jobs were submitted again after their acceptance.
    pub(super) fn repeated(&self) -> u64 {
        self.repeated.load(Ordering::Relaxed)
    }

    /// What was wrong.
    pub(super) fn findings(&self) -> Findings {
        self.findings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn bits(count: u64) -> Vec<AtomicU64> {
    let words = usize::try_from(count.div_ceil(64)).unwrap_or(usize::MAX);
    std::iter::repeat_with(AtomicU64::default).take(words).collect()
}

fn place(index: u64) -> (usize, u64) {
    let word = usize::try_from(index / 64).unwrap_or(usize::MAX);
    (word, 1 << (index % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acceptance_counts_once() {
        let ledger = Ledger::new(130);
        assert!(ledger.accept(129));
        assert!(!ledger.accept(129));
        assert!(ledger.accept(0));
        assert_eq!((ledger.accepted(), ledger.settled()), (2, 2));
        assert!(ledger.is_accepted(129));
        assert!(!ledger.is_accepted(128));
    }

    #[test]
    fn a_refused_job_is_settled_once_whether_or_not_it_is_accepted_later() {
        let ledger = Ledger::new(10);
        ledger.refuse(3);
        ledger.refuse(3);
        assert_eq!(
            (ledger.accepted(), ledger.settled(), ledger.refusals()),
            (0, 1, 2)
        );
        ledger.accept(3);
        assert_eq!((ledger.accepted(), ledger.settled()), (1, 1));
    }

    #[test]
    fn a_job_given_up_is_settled_and_unexpected() {
        let ledger = Ledger::new(10);
        ledger.give_up("job", "400");
        assert_eq!((ledger.accepted(), ledger.settled()), (0, 1));
        assert_eq!(ledger.findings().count(Breach::Unexpected), 1);
    }
}
