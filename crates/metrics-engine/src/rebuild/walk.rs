//! Through the histories of all jobs.

use std::time::Duration;

use contracts::{EventType, Producer};
use domain::JobEvent;
use ports::{Event, JobJournal};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::{Derived, Desk};
use crate::consume::{offer, persisted};
use crate::engine::EngineDeps;
use crate::facts::{self, Facts};

/// How many jobs are read at a time.
const PAGE: usize = 500;

/// The pause between two pages: what happens now goes first.
const BREATH: Duration = Duration::from_millis(2);

/// Offers every event of every job. `None` when the engine stops, or the journal does not read.
pub(super) async fn journal(
    deps: &EngineDeps,
    desk: &Desk,
    derived: Derived,
    stop: &CancellationToken,
) -> Option<()> {
    let mut place = None;
    loop {
        let page = persisted("journal", deps, stop, || deps.jobs.journal(place.as_ref(), PAGE)).await?;
        let facts: Vec<Facts> = page
            .items
            .iter()
            .flat_map(|journal| events(deps, journal))
            .collect();
        let new = apply(deps, derived, facts, stop).await?;
        deps.metrics.rebuilt_events.inc_by(new as u64);
        desk.advance(page.items.len(), new);
        if page.next.is_none() {
            return Some(());
        }
        place = page.next;
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
