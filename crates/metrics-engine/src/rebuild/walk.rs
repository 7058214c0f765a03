//! Through the histories of all jobs, and of those that are on their way to the job store.

use std::time::Duration;

use contracts::{EventType, Producer};
use domain::JobEvent;
use ports::{Cursor, Event, JobJournal, Queue};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{Derived, Desk};
use crate::consume::{offer, persisted};
use crate::engine::EngineDeps;
use crate::facts::{self, Facts};

/// How many jobs are read at a time.
const PAGE: usize = 500;

/// The pause between two pages: what happens now goes first.
const BREATH: Duration = Duration::from_millis(2);

/// How often the end of the journal is looked at while jobs are on their way to it.
const LOOK: Duration = Duration::from_millis(100);

/// How long that is done at most: far longer than a job takes to the job store.
const LONGEST: Duration = Duration::from_mins(10);

/// Offers every event of every job. `None` when the engine stops, or the journal does not read.
pub(super) async fn all(
    deps: &EngineDeps,
    desk: &Desk,
    derived: Derived,
    stop: &CancellationToken,
) -> Option<()> {
    let end = journal(deps, desk, derived, End::default(), stop).await?;
    if derived == Derived::LiveStats {
        follow(deps, desk, end, stop).await?;
    }
    Some(())
}

/// Goes on at the end of the journal for as long as a job may be on its way whose creation was counted before the
/// counters were cleared: events of creation come from the gateway, and may be here before their job is in the store.
async fn follow(deps: &EngineDeps, desk: &Desk, mut end: End, stop: &CancellationToken) -> Option<()> {
    let begun = Instant::now();
    let mut empty_since = None;
    while begun.elapsed() < LONGEST {
        // In this order: what the ledger has let go of is in the journal.
        let is_empty = ledger_is_empty(deps).await;
        end = journal(deps, desk, Derived::LiveStats, end, stop).await?;
        let now = Instant::now();
        empty_since = is_empty.then(|| empty_since.unwrap_or(now));
        if empty_since.is_some_and(|since| now.duration_since(since) >= deps.config.ledger_settle) {
            return Some(());
        }
        tokio::select! {
            () = sleep(LOOK) => {}
            () = stop.cancelled() => return None,
        }
    }
    tracing::warn!(
        "jobs were on their way to the job store all the time; a creation may be missing in the counters"
    );
    Some(())
}

async fn ledger_is_empty(deps: &EngineDeps) -> bool {
    let Ok(Ok(depths)) = timeout(deps.config.call_limit, deps.bus.depths()).await else {
        return false;
    };
    let mut ledger = depths.iter().filter(|depth| depth.queue == Queue::Ledger);
    ledger.all(|depth| depth.ready + depth.unacknowledged == 0)
}

/// How far the journal was read.
#[derive(Default)]
struct End {
    /// Where its last page begins.
    page: Option<Cursor>,
    /// How many jobs that page had.
    jobs: usize,
}

/// Offers every event of the jobs from the last page on.
async fn journal(
    deps: &EngineDeps,
    desk: &Desk,
    derived: Derived,
    mut end: End,
    stop: &CancellationToken,
) -> Option<End> {
    loop {
        let page = persisted("journal", deps, stop, || {
            deps.jobs.journal(end.page.as_ref(), PAGE)
        })
        .await?;
        let facts: Vec<Facts> = page
            .items
            .iter()
            .flat_map(|journal| events(deps, journal))
            .collect();
        let new = apply(deps, derived, facts, stop).await?;
        deps.metrics.rebuilt_events.inc_by(new as u64);
        desk.advance(page.items.len().saturating_sub(end.jobs), new);
        if page.next.is_none() {
            end.jobs = page.items.len();
            return Some(end);
        }
        end = End {
            page: page.next,
            jobs: 0,
        };
        sleep(BREATH).await;
    }
}

async fn apply(
    deps: &EngineDeps,
    derived: Derived,
    facts: Vec<Facts>,
    stop: &CancellationToken,
) -> Option<usize> {
    let (counted, logged): (Vec<_>, Vec<_>) = facts.into_iter().unzip();
    match derived {
        Derived::LiveStats => offer("apply", deps, stop, counted, |events| deps.stats.apply(events)).await,
        Derived::EventLog => offer("append", deps, stop, logged, |events| deps.log.append(events)).await,
    }
}

/// The events of a job, as they would be published. One that does not read is left out and said so.
fn events(deps: &EngineDeps, journal: &JobJournal) -> Vec<Facts> {
    let facts = journal.history.iter().map(|event| {
        fact(deps, journal, event)
            .inspect_err(|error| tracing::error!(%error, job = %journal.job.id, "history does not read"))
    });
    facts.filter_map(Result::ok).collect()
}

fn fact(deps: &EngineDeps, journal: &JobJournal, event: &JobEvent) -> Result<Facts, serde_json::Error> {
    let event = match event.event_type {
        EventType::Created => journal.job.created_event(producer(deps))?,
        _ => Event {
            envelope: event.envelope(producer(deps))?,
            job: event.job(),
        },
    };
    let text = serde_json::to_vec(&event.envelope)?;
    Ok(facts::of(&event, text.into()))
}

/// Who says it: the words of whoever published it first are not kept.
fn producer(deps: &EngineDeps) -> Producer {
    Producer {
        service: "metrics-engine".into(),
        instance_id: deps.config.instance_id.clone(),
        version: env!("CARGO_PKG_VERSION").into(),
    }
}
