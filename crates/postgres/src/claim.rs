//! Messages ask for attempts; the row decides.
//!
//! Most jobs are new, or were admitted by this process a moment ago, and nothing holds them back: they are started by
//! one statement that finds out whether that is so ([`fast`]). All others are answered in a transaction that locks
//! their rows and asks the rules ([`decide`]).

mod answers;
mod decide;
mod fast;

use std::collections::HashSet;

use domain::claim::{Ask, Decision, decide as rule};
use ports::{Claim, ClaimRequest, ClaimTicket};

use crate::core::Core;
use crate::error::Failure;
use crate::limits::Book;
use crate::row::Stored;

pub(crate) use answers::started;

/// The calls of one claim.
pub(crate) struct Claims<'a> {
    pub(crate) ticket: &'a ClaimTicket,
    pub(crate) requests: &'a [ClaimRequest],
}

impl Claims<'_> {
    /// Answers the requests, each where it stands.
    pub(crate) async fn answer(&self, core: &Core) -> Result<Vec<Claim>, Failure> {
        let mut answers: Vec<Option<Claim>> = vec![None; self.requests.len()];
        let plain = self.plain(core).await?;
        for (place, claim) in fast::start(core, self, plain).await? {
            if let Some(answer) = answers.get_mut(place) {
                *answer = Some(claim);
            }
        }
        let left = (0..).zip(&answers).filter(|(_, answer)| answer.is_none());
        let places: Vec<usize> = left.map(|(place, _)| place).collect();
        if !places.is_empty() {
            let requests = places
                .iter()
                .filter_map(|place| self.requests.get(*place))
                .collect();
            let decided = core
                .transact(&decide::Decide {
                    ticket: self.ticket,
                    requests,
                })
                .await?;
            for (place, claim) in places.into_iter().zip(core.remember(decided)) {
                if let Some(answer) = answers.get_mut(place) {
                    *answer = Some(claim);
                }
            }
        }
        let missing = || Failure::Corrupt("a request was not answered".to_owned());
        answers
            .into_iter()
            .map(|answer| answer.ok_or_else(missing))
            .collect()
    }

    /// The requests that seem to need nothing but their row.
    async fn plain(&self, core: &Core) -> Result<fast::Plain, Failure> {
        let book = core.limits().await?;
        let mut plain = fast::Plain::new(book.epoch);
        let mut seen = HashSet::new();
        for (place, request) in self.requests.iter().enumerate() {
            if !seen.insert(request.job.id) || !self.is_plain(request, &book) {
                continue;
            }
            match core.known.take(&request.job.id) {
                Some(stored) if self.starts(request, &stored) => plain.known.push((place, stored)),
                Some(stored) => core.known.put(stored),
                None if request.attempt == 1 && !request.dispatched => plain.fresh.push(place),
                None => {}
            }
        }
        Ok(plain)
    }

    fn is_plain(&self, request: &ClaimRequest, book: &Book) -> bool {
        let job = &request.job;
        let waits = job.run_at.is_some_and(|run_at| run_at > self.ticket.now) && !request.dispatched;
        !waits && job.unique_key.is_none() && book.is_open(&job.job_type)
    }

    fn starts(&self, request: &ClaimRequest, stored: &Stored) -> bool {
        let decision = rule(
            &stored.row,
            self.ask_of(request),
            stored.facts.run_at,
            self.ticket.now,
        );
        let is_plain = stored.facts.unique_key.is_none() && !stored.row.relay && stored.row.held.is_none();
        decision == Decision::Start && is_plain && stored.facts.job_type == request.job.job_type
    }

    fn ask_of(&self, request: &ClaimRequest) -> Ask {
        Ask {
            attempt: request.attempt,
            claim: self.ticket.claim,
            dispatched: request.dispatched,
        }
    }
}
