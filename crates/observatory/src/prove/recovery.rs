//! How long the observatory was away after each kill.

use contracts::EventType;
use hdrhistogram::Histogram;
use jiff::Timestamp;
use serde::Serialize;

use crate::api::HistoryEvent;
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

/// What the jobs' histories tell of recovery, collected in any order.
#[derive(Clone, Debug)]
pub(super) struct Traces {
    kills: Vec<Killed>,
    first_completions: Vec<Option<Timestamp>>,
    resumed: Histogram<u64>,
}

impl Traces {
    /// Nothing yet, of these kills, which are in the order of time.
    pub(super) fn of(kills: &[Killed]) -> Self {
        Self {
            kills: kills.to_vec(),
            first_completions: vec![None; kills.len()],
            resumed: measure::histogram(),
        }
    }

    /// Takes what one job's history tells.
    pub(super) fn note(&mut self, history: &[HistoryEvent]) {
        for event in history {
            if event.event_type == EventType::Completed {
                self.completion(event.occurred_at);
            }
        }
        for three in history.windows(3) {
            self.resumption(three);
        }
    }

    /// Adds what another one noted of the same kills.
    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.first_completions.iter_mut().zip(&other.first_completions) {
            *mine = earlier(*mine, *theirs);
        }
        // Both have the same bounds, so nothing is refused.
        let _ = self.resumed.add(&other.resumed);
    }

    fn completion(&mut self, at: Timestamp) {
        let after = self.kills.partition_point(|kill| kill.gone <= at);
        if let Some(slot) = after
            .checked_sub(1)
            .and_then(|last| self.first_completions.get_mut(last))
        {
            *slot = earlier(*slot, Some(at));
        }
    }

    /// An attempt, its end without a result and the next attempt: if a kill came between the first two, it was
    /// the cause. A worker that ended the attempt itself says how long it ran, and was not killed.
    fn resumption(&mut self, events: &[HistoryEvent]) {
        let [start, end, next] = events else { return };
        let kinds = [start.event_type, end.event_type, next.event_type];
        let ended_itself = end.payload.run_micros.is_some();
        if ended_itself || kinds != [EventType::Executed, EventType::Retrying, EventType::Executed] {
            return;
        }
        let earlier = self.kills.partition_point(|kill| kill.gone < start.occurred_at);
        if let Some(kill) = self.kills.get(earlier).filter(|kill| kill.at <= end.occurred_at)
            && let Some(micros) = micros(kill.at, next.occurred_at)
        {
            self.resumed.saturating_record(micros);
        }
    }

    /// The first completion after each kill. Where the next kill came before any, it is the one after that.
    fn first_completions(&self) -> Vec<Option<Timestamp>> {
        let mut firsts = self.first_completions.clone();
        for kill in (1..firsts.len()).rev() {
            firsts[kill - 1] = earlier(firsts[kill - 1], firsts[kill]);
        }
        firsts
    }

    /// From each kill to the first job that completed afterwards.
    pub(super) fn until_work(&self) -> Recovery {
        let firsts = self.first_completions();
        percentiles(
            self.kills
                .iter()
                .zip(firsts)
                .filter_map(|(kill, first)| micros(kill.at, first?)),
        )
    }

    /// From the kill that ended an attempt to the next attempt of the same job.
    pub(super) fn until_resumed(&self) -> Recovery {
        Recovery::from(&self.resumed)
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
    Recovery::from(&histogram)
}

impl From<&Histogram<u64>> for Recovery {
    fn from(micros: &Histogram<u64>) -> Self {
        if micros.is_empty() {
            return Self::default();
        }
        Self {
            p50: Some(measure::millis(micros.value_at_quantile(0.50))),
            p99: Some(measure::millis(micros.value_at_quantile(0.99))),
            max: Some(measure::millis(micros.max())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::HistoryPayload;
    use uuid::Uuid;

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

    fn event(event_type: EventType, millis: i64) -> HistoryEvent {
        HistoryEvent {
            event_id: Uuid::nil(),
            event_type,
            occurred_at: at(millis),
            payload: HistoryPayload::default(),
        }
    }

    fn completed(traces: &mut Traces, millis: i64) {
        traces.note(&[event(EventType::Completed, millis)]);
    }

    #[test]
    fn recovery_lasts_until_the_first_completion_after_the_process_was_gone() {
        let mut traces = Traces::of(&[kill(1_000, None)]);
        for millis in [900, 1_001, 1_500, 1_300] {
            completed(&mut traces, millis);
        }
        assert_eq!(whole(traces.until_work().max), "300");
    }

    #[test]
    fn a_kill_that_interrupts_a_recovery_prolongs_it() {
        let kills = [kill(1_000, None), kill(1_100, Some(1_150))];
        let mut traces = Traces::of(&kills);
        completed(&mut traces, 1_400);
        assert_eq!(whole(traces.until_work().p50), "300");
        assert_eq!(whole(traces.until_work().max), "400");
        assert_eq!(whole(until_ready(&kills).max), "50");
    }

    #[test]
    fn an_interrupted_attempt_is_resumed_by_the_next_one() {
        let mut traces = Traces::of(&[kill(500, None), kill(1_000, None), kill(1_200, None)]);
        traces.note(&[
            event(EventType::Created, 890),
            event(EventType::Executed, 900),
            event(EventType::Retrying, 1_300),
            event(EventType::Executed, 1_900),
        ]);
        assert_eq!(whole(traces.until_resumed().p50), "900");
        assert_eq!(traces.until_resumed().p50, traces.until_resumed().max);
    }

    #[test]
    fn a_retry_after_a_failure_is_no_recovery() {
        let mut traces = Traces::of(&[kill(500, None), kill(1_000, None)]);
        traces.note(&[
            event(EventType::Executed, 900),
            event(EventType::Retrying, 950),
            event(EventType::Executed, 1_100),
        ]);
        assert_eq!(traces.until_resumed(), Recovery::default());
    }

    #[test]
    fn an_attempt_that_its_worker_ended_was_not_interrupted() {
        let mut traces = Traces::of(&[kill(1_000, None)]);
        let mut timed_out = event(EventType::Retrying, 1_020);
        timed_out.payload.run_micros = Some(50_000);
        let started = [event(EventType::Executed, 970), event(EventType::Executed, 1_100)];
        let [first, second] = started;
        traces.note(&[first, timed_out, second]);
        assert_eq!(traces.until_resumed(), Recovery::default());
    }

    #[test]
    fn what_different_observers_noted_adds_up() {
        let kills = [kill(1_000, None)];
        let (mut a, mut b) = (Traces::of(&kills), Traces::of(&kills));
        completed(&mut a, 1_500);
        completed(&mut b, 1_200);
        a.merge(&b);
        assert_eq!(whole(a.until_work().max), "200");
    }

    #[test]
    fn without_kills_there_is_nothing_to_say() {
        assert_eq!(Traces::of(&[]).until_work(), Recovery::default());
        let json = serde_json::to_string(&until_ready(&[])).unwrap();
        assert_eq!(json, r#"{"p50":null,"p99":null,"max":null}"#);
    }
}
