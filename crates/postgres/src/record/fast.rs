//! Results of attempts whose rows are as this process has left them.

use std::collections::HashSet;

use domain::{AttemptResult, JobEvent};

use super::finish;
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::insert::Starter;
use crate::row::Stored;
use crate::update::update;
use crate::work::Done;

/// A result that is about to be written.
struct Candidate {
    place: usize,
    event: JobEvent,
    stored: Stored,
}

/// Writes as many of the results as can be; says which, by their place, with their events.
pub(super) async fn write(core: &Core, results: &[AttemptResult]) -> Result<Vec<(usize, JobEvent)>, Failure> {
    let candidates = candidates(core, results)?;
    if candidates.is_empty() {
        return Ok(Vec::new());
    }
    let done = core
        .ask(&Write {
            candidates: &candidates,
        })
        .await?;
    Ok(core.remember(done))
}

fn candidates(core: &Core, results: &[AttemptResult]) -> Result<Vec<Candidate>, Failure> {
    let mut candidates = Vec::new();
    let mut seen = HashSet::new();
    for (place, result) in results.iter().enumerate() {
        if !seen.insert(result.job_id) || !result.log.is_empty() {
            continue;
        }
        let Some(mut stored) = core.known.take(&result.job_id) else {
            continue;
        };
        if stored.row.relay || stored.facts.unique_key.is_some() {
            core.known.put(stored);
            continue;
        }
        if let Some(event) = finish(&mut stored, result)? {
            candidates.push(Candidate { place, event, stored });
        }
    }
    Ok(candidates)
}

/// Writes results over the rows that are as they are remembered.
struct Write<'a> {
    candidates: &'a [Candidate],
}

impl Operation for Write<'_> {
    type Answer = Done<Vec<(usize, JobEvent)>>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let rows: Vec<&Stored> = self
            .candidates
            .iter()
            .map(|candidate| &candidate.stored)
            .collect();
        let ended = session.core.known.take_ended();
        let written = update(session.connection, Starter::NOBODY, &rows, &ended).await?;
        let mut done = Done::new(Vec::new(), Vec::new());
        for candidate in self.candidates {
            if written.contains(&candidate.stored.seq) {
                done.answer.push((candidate.place, candidate.event.clone()));
                done.ended.push(candidate.stored.row.claim);
                done.rows.push(Stored {
                    version: candidate.stored.version + 1,
                    ..candidate.stored.clone()
                });
            }
        }
        Ok(done)
    }
}
