//! Results of attempts.
//!
//! Mostly the row is as this process has left it when it started the attempt: then the result is written by one
//! statement ([`fast`]). Otherwise the rules are asked again, with the rows under lock ([`apply`]).

mod apply;
mod fast;

use std::collections::HashSet;

use contracts::EventType;
use domain::{AttemptResult, JobEvent, Outcome};
use jiff::Timestamp;
use ports::Recorded;
use uuid::Uuid;

use crate::codes::to_the_microsecond;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::limits::{Book, read_buckets};
use crate::room::{crowds, room};
use crate::row::{Stored, trim};

/// Applies results, each under its fencing token, and answers each where it stands.
pub(crate) async fn record(core: &Core, results: &[AttemptResult]) -> Result<Vec<Recorded>, Failure> {
    let mut answers: Vec<Option<Recorded>> = vec![None; results.len()];
    let written = fast::write(core, results).await?;
    let mut ends: Vec<(usize, JobEvent, bool)> = written
        .into_iter()
        .map(|(place, event)| (place, event, false))
        .collect();
    let done: HashSet<usize> = ends.iter().map(|(place, ..)| *place).collect();
    let left: Vec<usize> = (0..results.len()).filter(|place| !done.contains(place)).collect();
    if !left.is_empty() {
        let results = left.iter().filter_map(|place| results.get(*place)).collect();
        let applied = core.remember(core.transact(&apply::Apply { results }).await?);
        for (place, applied) in left.into_iter().zip(applied) {
            match applied {
                Some(applied) => ends.push((place, applied.event, applied.hands_key_on)),
                None => set(&mut answers, place, Recorded::Stale),
            }
        }
    }
    let events: Vec<&JobEvent> = ends.iter().map(|(_, event, _)| event).collect();
    let roomy = roomy(core, &events).await?;
    for (place, event, hands_key_on) in ends {
        let makes_room = hands_key_on || roomy.contains(&event.job_type);
        set(&mut answers, place, Recorded::Applied { event, makes_room });
    }
    let missing = || Failure::Corrupt("a result was not answered".to_owned());
    answers
        .into_iter()
        .map(|answer| answer.ok_or_else(missing))
        .collect()
}

fn set(answers: &mut [Option<Recorded>], place: usize, recorded: Recorded) {
    if let Some(answer) = answers.get_mut(place) {
        *answer = Some(recorded);
    }
}

/// The types of these events of which a job may start that limits hold back.
async fn roomy(core: &Core, events: &[&JobEvent]) -> Result<HashSet<String>, Failure> {
    let book = core.limits().await?;
    let limited = events.iter().filter(|event| book.has_places(&event.job_type));
    let job_types: HashSet<&str> = limited.clone().map(|event| &*event.job_type).collect();
    let Some(now) = limited.map(|event| event.at).max() else {
        return Ok(HashSet::new());
    };
    let job_types = job_types.into_iter().collect();
    core.ask(&Roomy {
        book: &book,
        job_types,
        now,
    })
    .await
}

/// Of which types a job may start at a moment that limits hold back. It is worth a look also where others are on their
/// way: they may be lost.
struct Roomy<'a> {
    book: &'a Book,
    job_types: Vec<&'a str>,
    now: Timestamp,
}

impl Operation for Roomy<'_> {
    type Answer = HashSet<String>;

    async fn run(&self, session: &mut Session<'_>) -> Result<HashSet<String>, Failure> {
        let crowds = crowds(session.connection, &self.job_types, &[], self.now).await?;
        let buckets = read_buckets(session.connection, &self.job_types).await?;
        let has_room = |job_type: &&String| {
            let crowd = crowds.get(*job_type).copied().unwrap_or_default();
            let bucket = buckets.get(*job_type).copied().flatten();
            let limits = self.book.of(job_type).copied().unwrap_or_default();
            let places = room(&limits, bucket, crowd.running, 0, self.now, 1);
            crowd.any_held && !self.book.paused && places > 0
        };
        Ok(crowds.keys().filter(has_room).cloned().collect())
    }
}

/// Applies a result to a row, and names the event; `None` if the attempt is not the current one of its worker any more.
fn finish(stored: &mut Stored, result: &AttemptResult) -> Result<Option<JobEvent>, Failure> {
    let Some(event_type) = stored.row.finish(result) else {
        return Ok(None);
    };
    trim(&mut stored.row);
    let event = event_of(stored, event_type, result);
    stored.append(&event)?;
    if let Outcome::Completed { result } = &result.outcome {
        stored.news.result.clone_from(result);
    }
    Ok(Some(event))
}

/// The event that a result is, if it is of this type.
fn event_of(stored: &Stored, event_type: EventType, result: &AttemptResult) -> JobEvent {
    let run_at = result.outcome.run_at().map(to_the_microsecond);
    JobEvent {
        attempt: result.attempt,
        worker: Some(result.worker.clone()),
        error: result.outcome.error().map(str::to_owned),
        run_micros: Some(result.run_micros),
        run_at: run_at.filter(|_| event_type == EventType::Retrying),
        ..stored.event(event_type, result.at)
    }
}

/// The event that a result was before, whatever has happened since.
fn repeated(stored: &Stored, result: &AttemptResult) -> Result<Option<JobEvent>, Failure> {
    let is_it = |known: &JobEvent| {
        let again = JobEvent {
            round: known.round,
            ..event_of(stored, known.event_type, result)
        };
        can_be_of(known.event_type, &result.outcome) && again == *known
    };
    Ok(stored.events()?.into_iter().find(is_it))
}

/// Whether an event of this type may have come of the outcome: of one that another attempt follows, a withdrawal may.
fn can_be_of(event_type: EventType, outcome: &Outcome) -> bool {
    let withdrawn = event_type == EventType::Cancelled && outcome.run_at().is_some();
    withdrawn || event_type == outcome.event_type()
}

/// A result that stands.
#[derive(Clone, Debug)]
struct Applied {
    event: JobEvent,
    job_id: Uuid,
    /// Whether a job that waited for the key of this one may start.
    hands_key_on: bool,
}
