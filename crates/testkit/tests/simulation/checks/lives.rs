//! The life of a job: created once, attempts one after the other, ended exactly once in each round.

use contracts::{EventType, JobStatus};
use domain::JobEvent;
use ports::JobDetail;

use crate::books::Books;

/// Where a history has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Fresh,
    Waiting,
    Running,
    Ended,
}

#[derive(Debug)]
struct Walk {
    stage: Stage,
    attempt: u32,
    round: u32,
}

/// Walks through the history of a job, which has to be one that the rules allow, and that clients were told of.
pub(super) fn check(job: &JobDetail, books: &Books) {
    let what = format!("{job:?}");
    let (created, rest) = job.history.split_first().expect("a job has a history");
    assert_eq!(
        (created.event_type, created.attempt, created.round),
        (EventType::Created, 0, 0),
        "{what}"
    );
    let mut walk = Walk {
        stage: Stage::Fresh,
        attempt: 0,
        round: 0,
    };
    for event in rest {
        assert!(walk.step(event), "{event:?} after {walk:?}: {what}");
    }
    let last = job.history.last().map(|event| event.job().status);
    assert_eq!(last, Some(job.summary.status), "{what}");
    assert!(
        walk.stage == Stage::Ended && job.summary.status.is_terminal(),
        "{what}"
    );
    assert_eq!(
        (walk.attempt, walk.round),
        (job.summary.attempt, job.round),
        "{what}"
    );
    check_promises(job, books);
}

impl Walk {
    /// Whether the event may follow; then the walk has gone there.
    fn step(&mut self, event: &JobEvent) -> bool {
        use EventType::{Cancelled, Completed, Executed, Failed, Quarantined, Retrying, Scheduled};
        let revives = self.stage == Stage::Ended && event.event_type == Retrying;
        self.round += u32::from(revives);
        let starts = event.event_type == Executed;
        self.attempt += u32::from(starts);
        let next = match (self.stage, event.event_type) {
            (Stage::Fresh, Scheduled) | (Stage::Running | Stage::Ended, Retrying) => Stage::Waiting,
            (Stage::Fresh | Stage::Waiting, Executed) => Stage::Running,
            (Stage::Running, Completed | Failed | Quarantined)
            | (Stage::Fresh | Stage::Waiting | Stage::Running, Cancelled) => Stage::Ended,
            _ => return false,
        };
        self.stage = next;
        (event.attempt, event.round) == (self.attempt, self.round)
    }
}

/// What clients asked for and were told is in the history.
fn check_promises(job: &JobDetail, books: &Books) {
    let what = format!("{job:?}");
    let id = job.summary.id;
    let of = |event_type: EventType| {
        job.history
            .iter()
            .filter(move |event| event.event_type == event_type)
    };
    let cancelled = u32::try_from(of(EventType::Cancelled).count()).expect("few events");
    assert!(
        cancelled >= books.cancelled.get(&id).map_or(0, |times| *times),
        "{what}"
    );
    assert!(
        job.round >= books.revived.get(&id).map_or(0, |times| *times),
        "{what}"
    );
    let run_at = books.jobs.get(&id).and_then(|job| job.run_at);
    let start = of(EventType::Executed).find(|event| event.round == 0);
    if let (Some(run_at), Some(start)) = (run_at, start) {
        assert!(start.at >= run_at, "it started before {run_at}: {what}");
    }
    if job.summary.status == JobStatus::Completed {
        assert!(
            job.logs.iter().any(|log| log.attempt == job.summary.attempt),
            "{what}"
        );
    }
}
