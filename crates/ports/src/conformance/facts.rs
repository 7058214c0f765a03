//! Events as they come from many jobs' lives: identifiers of our own making and foreign ones.

use contracts::EventType;
use domain::event_id;
use uuid::Uuid;

/// How many jobs take turns; more than an adapter keeps in a cache.
const JOBS: u64 = 6_000;

/// What events of both suites are made of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fact {
    pub(super) job_id: Uuid,
    pub(super) event_id: Uuid,
    pub(super) event_type: EventType,
}

/// Fact `number`: first every job is created, then every job goes on. The last ones of each life are foreign:
/// identifiers that are not ours, and one that would be ours for another type.
pub(super) fn fact(number: u64) -> Fact {
    let job_id = Uuid::new_v5(&Uuid::NAMESPACE_X500, &(number % JOBS).to_be_bytes());
    let ours = |attempt, event_type| Fact {
        job_id,
        event_id: event_id(job_id, attempt, event_type),
        event_type,
    };
    match number / JOBS {
        0 => ours(0, EventType::Created),
        1 => ours(1, EventType::Executed),
        2 => ours(1, EventType::Completed),
        3 => Fact {
            event_type: EventType::Failed,
            ..ours(2, EventType::Executed)
        },
        4 => ours(70_000, EventType::Executed),
        life => Fact {
            event_id: Uuid::new_v5(&job_id, &life.to_be_bytes()),
            ..ours(0, EventType::Executed)
        },
    }
}
