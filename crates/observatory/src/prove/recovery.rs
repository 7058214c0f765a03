//! How long the observatory was away after each kill.

use hdrhistogram::Histogram;
use jiff::Timestamp;
use serde::Serialize;

use crate::measure::{self, Millis};

/// One kill that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Killed {
    /// When the signal was sent.
    pub(super) at: Timestamp,
    /// When the process was gone.
    pub(super) gone: Timestamp,
    /// When the next process was ready, unless it was killed before.
    pub(super) ready: Option<Timestamp>,
}

/// The first completion after each kill of a list, collected in any order.
#[derive(Clone, Debug)]
pub(super) struct FirstCompletions {
    gone: Vec<Timestamp>,
    first: Vec<Option<Timestamp>>,
}

impl FirstCompletions {
    /// Looks for completions after these kills, which are in the order of time.
    pub(super) fn after(kills: &[Killed]) -> Self {
        Self {
            gone: kills.iter().map(|kill| kill.gone).collect(),
            first: vec![None; kills.len()],
        }
    }

    /// Notes that a job completed at `at`.
    pub(super) fn note(&mut self, at: Timestamp) {
        let after = self.gone.partition_point(|gone| *gone <= at);
        if let Some(slot) = after.checked_sub(1).and_then(|last| self.first.get_mut(last)) {
            *slot = earlier(*slot, Some(at));
        }
    }

    /// Adds what another one noted of the same kills.
    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.first.iter_mut().zip(&other.first) {
            *mine = earlier(*mine, *theirs);
        }
    }

    /// The first completion after each kill. Where the next kill came before any, it is the one after that.
    fn of_each(&self) -> Vec<Option<Timestamp>> {
        let mut firsts = self.first.clone();
        for kill in (1..firsts.len()).rev() {
            firsts[kill - 1] = earlier(firsts[kill - 1], firsts[kill]);
        }
        firsts
    }
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    [a, b].into_iter().flatten().min()
}

/// Percentiles over kills, in milliseconds; `null` where there was no kill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub(super) struct Recovery {
    /// Half of the recoveries took no longer.
    pub(super) p50: Option<Millis>,
    /// All but one in a hundred took no longer.
    pub(super) p99: Option<Millis>,
    /// The longest.
    pub(super) max: Option<Millis>,
}

/// From each kill to the first job that completed afterwards.
pub(super) fn until_work(kills: &[Killed], firsts: &FirstCompletions) -> Recovery {
    percentiles(
        kills
            .iter()
            .zip(firsts.of_each())
            .filter_map(|(kill, first)| micros(kill.at, first?)),
    )
}

/// From each kill to the moment when the gateway and the read model were ready again.
pub(super) fn until_ready(kills: &[Killed]) -> Recovery {
    percentiles(kills.iter().filter_map(|kill| micros(kill.at, kill.ready?)))
}

fn micros(from: Timestamp, to: Timestamp) -> Option<u64> {
    u64::try_from(to.as_microsecond() - from.as_microsecond()).ok()
}

fn percentiles(values: impl Iterator<Item = u64>) -> Recovery {
    let mut histogram: Histogram<u64> = measure::histogram();
    values.for_each(|value| histogram.saturating_record(value));
    if histogram.is_empty() {
        return Recovery::default();
    }
    Recovery {
        p50: Some(measure::millis(histogram.value_at_quantile(0.50))),
        p99: Some(measure::millis(histogram.value_at_quantile(0.99))),
        max: Some(measure::millis(histogram.max())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).unwrap()
    }

    fn kill(millis: i64, ready: Option<i64>) -> Killed {
        Killed {
            at: at(millis),
            gone: at(millis + 2),
            ready: ready.map(at),
        }
    }

    fn whole(millis: Option<Millis>) -> String {
        format!("{:.0}", millis.unwrap())
    }

    #[test]
    fn recovery_lasts_until_the_first_completion_after_the_process_was_gone() {
        let kills = [kill(1_000, None)];
        let mut firsts = FirstCompletions::after(&kills);
        for millis in [900, 1_001, 1_500, 1_300] {
            firsts.note(at(millis));
        }
        assert_eq!(whole(until_work(&kills, &firsts).max), "300");
    }

    #[test]
    fn a_kill_that_interrupts_a_recovery_prolongs_it() {
        let kills = [kill(1_000, None), kill(1_100, Some(1_150))];
        let mut firsts = FirstCompletions::after(&kills);
        firsts.note(at(1_400));
        let recovery = until_work(&kills, &firsts);
        assert_eq!(whole(recovery.p50), "300");
        assert_eq!(whole(recovery.max), "400");
        assert_eq!(whole(until_ready(&kills).max), "50");
    }

    #[test]
    fn what_different_observers_noted_adds_up() {
        let kills = [kill(1_000, None)];
        let (mut a, mut b) = (FirstCompletions::after(&kills), FirstCompletions::after(&kills));
        a.note(at(1_500));
        b.note(at(1_200));
        a.merge(&b);
        assert_eq!(whole(until_work(&kills, &a).max), "200");
    }

    #[test]
    fn without_kills_there_is_nothing_to_say() {
        let firsts = FirstCompletions::after(&[]);
        assert_eq!(until_work(&[], &firsts), Recovery::default());
        assert_eq!(
            serde_json::to_string(&until_ready(&[])).unwrap(),
            r#"{"p50":null,"p99":null,"max":null}"#
        );
    }
}
