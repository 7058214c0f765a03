//! How many jobs are where, from counters of events alone.

use contracts::EventType;
use ports::{QueueDepth, StatsSnapshot};

/// Jobs that are not terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InFlight {
    pub(crate) pending: u64,
    pub(crate) executing: u64,
    pub(crate) retrying: u64,
}

impl InFlight {
    /// Every started attempt ends in one event, so the difference runs. Every creation and every retry asks for
    /// a start, so that difference waits. A pending job has its message in the work queue and a retrying one
    /// has none, so the depth of that queue tells the two apart; without it all count as pending.
    ///
    /// Counters are applied in any order, so a difference may be off for a moment; it is never negative.
    pub(crate) fn of(stats: &StatsSnapshot, work_queue: Option<&QueueDepth>) -> Self {
        let sum = |types: &[EventType]| {
            types
                .iter()
                .map(|kind| stats.count(*kind))
                .fold(0, u64::saturating_add)
        };
        let started = stats.count(EventType::Executed);
        let ended = sum(&[
            EventType::Completed,
            EventType::Failed,
            EventType::Retrying,
            EventType::Quarantined,
        ]);
        let asked = sum(&[EventType::Created, EventType::Retrying]);
        let executing = started.saturating_sub(ended);
        let waiting = asked
            .saturating_sub(started)
            .saturating_sub(stats.count(EventType::Cancelled));
        let queued = work_queue.map_or(waiting, |depth| {
            depth
                .ready
                .saturating_add(depth.unacknowledged.saturating_sub(executing))
        });
        let retrying = waiting
            .saturating_sub(queued)
            .min(stats.count(EventType::Retrying));
        Self {
            pending: waiting - retrying,
            executing,
            retrying,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ports::Queue;

    fn stats(counts: &[(EventType, u64)]) -> StatsSnapshot {
        StatsSnapshot {
            events: counts.to_vec(),
            ..StatsSnapshot::default()
        }
    }

    fn depth(ready: u64, unacknowledged: u64) -> QueueDepth {
        QueueDepth {
            queue: Queue::Work,
            ready,
            unacknowledged,
        }
    }

    #[test]
    fn waiting_jobs_are_split_by_what_is_in_the_queue() {
        use EventType::{Completed, Created, Executed, Failed, Retrying};
        let stats = stats(&[
            (Created, 20),
            (Executed, 15),
            (Retrying, 6),
            (Completed, 4),
            (Failed, 2),
        ]);
        // 12 of 15 attempts ended, so 3 run; 26 starts were asked for and 15 came, so 11 wait, 9 of them queued.
        let now = InFlight::of(&stats, Some(&depth(9, 3)));
        assert_eq!(
            now,
            InFlight {
                pending: 9,
                executing: 3,
                retrying: 2
            }
        );
        assert_eq!(
            InFlight::of(&stats, None),
            InFlight {
                pending: 11,
                executing: 3,
                retrying: 0
            }
        );
    }

    #[test]
    fn no_number_is_negative_when_events_arrive_out_of_order() {
        let stats = stats(&[
            (EventType::Completed, 5),
            (EventType::Executed, 1),
            (EventType::Cancelled, 9),
        ]);
        let none = InFlight {
            pending: 0,
            executing: 0,
            retrying: 0,
        };
        assert_eq!(InFlight::of(&stats, Some(&depth(3, 3))), none);
        assert_eq!(InFlight::of(&StatsSnapshot::default(), None), none);
    }
}
