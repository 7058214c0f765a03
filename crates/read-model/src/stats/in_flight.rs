//! How many jobs are where, from counters of events alone.

use contracts::{EventType, Priority};
use ports::{Queue, QueueDepth, StatsSnapshot};

/// Jobs that are not terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct InFlight {
    pub(crate) pending: u64,
    pub(crate) executing: u64,
    pub(crate) retrying: u64,
}

impl InFlight {
    /// Every started attempt ends in one event, so the difference runs. Every creation and every retry asks for
    /// a start, so that difference waits, but for what was withdrawn while it waited. A pending job has its message in
    /// a work queue and a retrying one has none, so the depths of those queues tell the two apart; without them all
    /// count as pending.
    ///
    /// Counters are applied in any order, so a difference may be off for a moment; it is never negative.
    pub(crate) fn of(stats: &StatsSnapshot, depths: &[QueueDepth]) -> Self {
        let work = work(depths);
        let sum = |types: &[EventType]| {
            types
                .iter()
                .map(|kind| stats.count(*kind))
                .fold(0, u64::saturating_add)
        };
        let started = stats.count(EventType::Executed);
        let ended = EventType::ALL
            .into_iter()
            .map(|kind| stats.ended(kind))
            .fold(0, u64::saturating_add);
        let asked = sum(&[EventType::Created, EventType::Retrying]);
        let withdrawn = stats
            .count(EventType::Cancelled)
            .saturating_sub(stats.ended(EventType::Cancelled));
        let executing = started.saturating_sub(ended);
        let waiting = asked.saturating_sub(started).saturating_sub(withdrawn);
        let queued = work.map_or(waiting, |(ready, unacknowledged)| {
            ready.saturating_add(unacknowledged.saturating_sub(executing))
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

/// How many messages the work queues have ready and handed out; `None` where there are no depths.
fn work(depths: &[QueueDepth]) -> Option<(u64, u64)> {
    let queues = Priority::ALL.map(Queue::work);
    let depths = depths.iter().filter(|depth| queues.contains(&depth.queue));
    depths
        .map(|depth| (depth.ready, depth.unacknowledged))
        .reduce(|all, one| (all.0.saturating_add(one.0), all.1.saturating_add(one.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counters where every end, and every retry, ended an attempt.
    fn stats(counts: &[(EventType, u64)]) -> StatsSnapshot {
        let ends = |kind: EventType| !matches!(kind, EventType::Created | EventType::Executed);
        let ended = counts.iter().copied().filter(|(kind, _)| ends(*kind));
        StatsSnapshot {
            events: counts.to_vec(),
            ended: ended.collect(),
            ..StatsSnapshot::default()
        }
    }

    fn depth(queue: Queue, ready: u64, unacknowledged: u64) -> QueueDepth {
        QueueDepth {
            queue,
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
        let depths = [
            depth(Queue::WorkHigh, 2, 1),
            depth(Queue::Work, 7, 2),
            depth(Queue::Events, 99, 99),
        ];
        let now = InFlight::of(&stats, &depths);
        assert_eq!(
            now,
            InFlight {
                pending: 9,
                executing: 3,
                retrying: 2
            }
        );
        assert_eq!(
            InFlight::of(&stats, &[]),
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
        assert_eq!(InFlight::of(&stats, &[depth(Queue::Work, 3, 3)]), none);
        assert_eq!(InFlight::of(&StatsSnapshot::default(), &[]), none);
    }

    #[test]
    fn what_was_withdrawn_or_revived_while_it_did_not_run_ended_no_attempt() {
        use EventType::{Cancelled, Created, Executed, Failed, Retrying};
        // Of seven jobs one was cancelled while it waited, one while it ran; one failed, was revived and runs again;
        // one more runs, and three wait.
        let mut stats = stats(&[
            (Created, 7),
            (Executed, 4),
            (Failed, 1),
            (Retrying, 1),
            (Cancelled, 2),
        ]);
        stats.ended = vec![(Failed, 1), (Cancelled, 1)];
        let now = InFlight::of(&stats, &[]);
        assert_eq!((now.executing, now.pending), (2, 3));
    }
}
