//! The longest time in which no job ended though there were jobs that could.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::api::HistoryEvent;

use super::judge::ends;

/// What happened within a millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Instant {
    opened: u64,
    ended: u64,
}

/// When jobs could run and when they ended, by their histories, collected in any order. As large as the run is long, in
/// milliseconds, at most.
#[derive(Clone, Debug, Default)]
pub(super) struct Gaps(BTreeMap<i64, Instant>);

impl Gaps {
    /// Takes a job's history. It could run `delay` after it was accepted.
    pub(super) fn note(&mut self, delay: Option<Duration>, history: &[HistoryEvent]) {
        let ended = history.iter().rev().find(|event| ends(event.event_type));
        let (Some(accepted), Some(ended)) = (history.first(), ended) else {
            return;
        };
        let delay = delay.map_or(0, |delay| i64::try_from(delay.as_millis()).unwrap_or(i64::MAX));
        let ended = ended.occurred_at.as_millisecond();
        // One may have been cancelled before its time.
        let opened = accepted
            .occurred_at
            .as_millisecond()
            .saturating_add(delay)
            .min(ended);
        self.0.entry(opened).or_default().opened += 1;
        self.0.entry(ended).or_default().ended += 1;
    }

    /// Adds what another one noted.
    pub(super) fn merge(&mut self, other: Self) {
        for (at, instant) in other.0 {
            let mine = self.0.entry(at).or_default();
            mine.opened += instant.opened;
            mine.ended += instant.ended;
        }
    }

    /// The longest time without an end while jobs were open, in milliseconds.
    pub(super) fn longest(&self) -> u64 {
        let (mut open, mut since, mut longest) = (0_u64, 0, 0);
        for (at, instant) in &self.0 {
            if open == 0 {
                since = *at;
            }
            open += instant.opened;
            if instant.ended > 0 {
                longest = longest.max(at - since);
                since = *at;
                open = open.saturating_sub(instant.ended);
            }
        }
        u64::try_from(longest).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::HistoryPayload;
    use contracts::EventType;
    use jiff::Timestamp;
    use uuid::Uuid;

    fn job(gaps: &mut Gaps, delay: u64, created: i64, ended: Option<i64>) {
        let event = |event_type, millis| HistoryEvent {
            event_id: Uuid::nil(),
            event_type,
            occurred_at: Timestamp::from_millisecond(millis).unwrap(),
            payload: HistoryPayload::default(),
        };
        let mut history = vec![event(EventType::Created, created)];
        history.extend(ended.map(|at| event(EventType::Completed, at)));
        gaps.note((delay > 0).then(|| Duration::from_millis(delay)), &history);
    }

    #[test]
    fn time_without_open_jobs_is_no_gap() {
        let mut gaps = Gaps::default();
        job(&mut gaps, 0, 100, Some(130));
        job(&mut gaps, 0, 5_000, Some(5_040));
        assert_eq!(gaps.longest(), 40);
        assert_eq!(Gaps::default().longest(), 0);
    }

    #[test]
    fn a_job_that_waits_for_its_time_is_not_open() {
        let mut gaps = Gaps::default();
        job(&mut gaps, 2_000, 100, Some(2_110));
        job(&mut gaps, 1_000, 100, Some(150));
        assert_eq!(gaps.longest(), 10);
    }

    #[test]
    fn every_end_closes_a_gap_and_begins_the_next_while_jobs_are_open() {
        let (mut one, mut other) = (Gaps::default(), Gaps::default());
        job(&mut one, 0, 0, Some(900));
        job(&mut other, 0, 10, Some(300));
        job(&mut other, 0, 20, None);
        one.merge(other);
        assert_eq!(one.longest(), 600);
    }
}
