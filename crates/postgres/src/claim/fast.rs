//! Jobs that start at once: one statement stores and starts those that are new, one starts those that this process has
//! stored before.

use domain::Row;
use ports::Claim;

use super::{Claims, started};
use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::insert::{Arrival, Starter, insert};
use crate::row::Stored;
use crate::update::update;
use crate::work::Done;

/// The requests that seem to need nothing but their row.
pub(super) struct Plain {
    limits_epoch: i64,
    /// Jobs that this process does not know, by the place of their request.
    pub(super) fresh: Vec<usize>,
    /// Jobs that it knows.
    pub(super) known: Vec<(usize, Stored)>,
}

impl Plain {
    pub(super) fn new(limits_epoch: i64) -> Self {
        Self {
            limits_epoch,
            fresh: Vec::new(),
            known: Vec::new(),
        }
    }
}

/// A job that is about to start.
struct Candidate {
    place: usize,
    stored: Stored,
    claim: Claim,
}

/// Starts as many of the jobs as can be; says which, by the place of their request.
pub(super) async fn start(
    core: &Core,
    claims: &Claims<'_>,
    plain: Plain,
) -> Result<Vec<(usize, Claim)>, Failure> {
    let starter = Starter {
        worker: &claims.ticket.worker,
        claim: claims.ticket.claim,
        limits_epoch: Some(plain.limits_epoch),
    };
    let fresh = plain.fresh.into_iter().map(|place| {
        let request = claims
            .requests
            .get(place)
            .ok_or_else(|| Failure::overtaken("a request"))?;
        let stored = Stored::arriving(&request.job, Row::pending(claims.ticket.now))?;
        Candidate::new(claims, place, stored)
    });
    let fresh = fresh.collect::<Result<Vec<_>, Failure>>()?;
    let known = plain
        .known
        .into_iter()
        .map(|(place, stored)| Candidate::new(claims, place, stored));
    let known = known.collect::<Result<Vec<_>, Failure>>()?;
    let mut begun = Vec::new();
    if !fresh.is_empty() {
        let candidates = &fresh;
        let done = core
            .ask(&Store {
                claims,
                starter,
                candidates,
            })
            .await?;
        begun.extend(core.remember(done));
    }
    if !known.is_empty() {
        let candidates = &known;
        let done = core.ask(&Begin { starter, candidates }).await?;
        begun.extend(core.remember(done));
    }
    Ok(begun)
}

impl Candidate {
    fn new(claims: &Claims<'_>, place: usize, mut stored: Stored) -> Result<Self, Failure> {
        let ticket = claims.ticket;
        let event = stored.start(&ticket.worker, ticket.claim, ticket.now)?;
        let claim = started(&stored.row, event);
        Ok(Self { place, stored, claim })
    }
}

/// Stores and starts jobs that nobody knows.
struct Store<'a> {
    claims: &'a Claims<'a>,
    starter: Starter<'a>,
    candidates: &'a [Candidate],
}

impl Operation for Store<'_> {
    type Answer = Done<Vec<(usize, Claim)>>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let arrival = |candidate: &'_ Candidate| {
            let request = self.claims.requests.get(candidate.place);
            request.map(|request| (&request.job, candidate.place))
        };
        let jobs: Vec<_> = self.candidates.iter().filter_map(arrival).collect();
        let arrivals = jobs
            .iter()
            .zip(self.candidates)
            .map(|((job, _), candidate)| Arrival {
                job,
                stored: &candidate.stored,
            });
        let arrivals: Vec<Arrival<'_>> = arrivals.collect();
        let numbers = insert(session.connection, self.starter, &arrivals).await?;
        let numbers: std::collections::HashMap<_, _> = numbers.into_iter().collect();
        let begun = self.candidates.iter().filter_map(|candidate| {
            let seq = numbers.get(&candidate.stored.facts.id)?;
            let stored = Stored {
                seq: *seq,
                version: 1,
                ..candidate.stored.clone()
            };
            Some((candidate, stored))
        });
        Ok(done(self.starter, begun))
    }
}

/// Starts jobs that this process has stored before.
struct Begin<'a> {
    starter: Starter<'a>,
    candidates: &'a [Candidate],
}

impl Operation for Begin<'_> {
    type Answer = Done<Vec<(usize, Claim)>>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let rows: Vec<&Stored> = self
            .candidates
            .iter()
            .map(|candidate| &candidate.stored)
            .collect();
        let ended = session.core.known.take_ended();
        let written = update(session.connection, self.starter, &rows, &ended).await?;
        let begun = self
            .candidates
            .iter()
            .filter(|candidate| written.contains(&candidate.stored.seq));
        let begun = begun.map(|candidate| {
            let stored = Stored {
                version: candidate.stored.version + 1,
                ..candidate.stored.clone()
            };
            (candidate, stored)
        });
        Ok(done(self.starter, begun))
    }
}

fn done<'c>(
    starter: Starter<'_>,
    begun: impl Iterator<Item = (&'c Candidate, Stored)>,
) -> Done<Vec<(usize, Claim)>> {
    let (answers, rows): (Vec<_>, Vec<_>) = begun
        .map(|(candidate, stored)| ((candidate.place, candidate.claim.clone()), stored))
        .unzip();
    let jobs = answers.len();
    Done {
        started: Some((starter.claim, starter.worker.to_owned(), jobs)),
        ..Done::new(answers, rows)
    }
}
