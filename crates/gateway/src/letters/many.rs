//! A command on many dead letters.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use ports::{EventLog, LetterState, Parcel, StoredDeadLetter};
use service::correlation::RequestContext;
use service::problem::Problem;
use uuid::Uuid;

use super::event::Replay;
use super::one::{not_published, not_settled};
use super::pages::Pages;
use super::selection::{self, Which};
use super::told::Told;
use crate::bulk::{self, Outcome, Tally, Task};
use crate::commands::Matched;
use crate::gateway::Shared;
use crate::submission::summary;

/// What is done with dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LetterCommand {
    /// Publish their events.
    Replay,
    /// Put them aside.
    Discard,
}

impl LetterCommand {
    /// The name in metrics.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Replay => "replay-dead-letter",
            Self::Discard => "discard-dead-letter",
        }
    }
}

/// Answers a command over dead letters: how many are open where that is all that was asked for, otherwise a line for
/// each.
///
/// # Errors
/// 400 for what does not read, 503 where the event log or the bus is away.
pub(crate) async fn all_of(
    shared: &Arc<Shared>,
    command: LetterCommand,
    request: Request,
) -> Result<Response, Problem> {
    let (mut parts, selection) = selection::read(shared, request).await?;
    let context = RequestContext::from_request_parts(&mut parts, &()).await?;
    if selection.dry_run {
        let matched = count(shared, selection.which).await?;
        return Ok(Json(matched).into_response());
    }
    let task = Settling {
        shared: Arc::clone(shared),
        command,
        context,
        pages: Pages::new(shared, selection.which),
    };
    bulk::answer(shared, task, Tally::of_letters()).await
}

async fn count(shared: &Arc<Shared>, which: Which) -> Result<Matched, Problem> {
    let matched = match which {
        Which::AllOpen => shared.stores.events(EventLog::open_dead_letters).await?,
        these @ Which::These(_) => {
            let _place = bulk::place(shared)?;
            let (mut pages, mut open) = (Pages::new(shared, these), 0);
            while let Some(page) = pages.next().await? {
                let letters = page.into_iter().filter_map(|(_, stored)| stored);
                open += letters.filter(|stored| stored.state == LetterState::Open).count() as u64;
            }
            open
        }
    };
    Ok(Matched {
        matched,
        complete: true,
    })
}

struct Settling {
    shared: Arc<Shared>,
    command: LetterCommand,
    context: RequestContext,
    pages: Pages,
}

impl Task for Settling {
    type Item = Told;

    fn kind(&self) -> &'static str {
        self.command.name()
    }

    async fn next(&mut self) -> Result<Option<Vec<Told>>, Problem> {
        let Some(page) = self.pages.next().await? else {
            return Ok(None);
        };
        let (mut told, mut open) = (Vec::with_capacity(page.len()), Vec::new());
        for (id, stored) in page {
            match stored {
                None => told.push(Told::of(id, Outcome::Unknown)),
                Some(stored) if stored.state != LetterState::Open => {
                    told.push(Told::settled(id, stored.state));
                }
                Some(stored) => open.push(stored),
            }
        }
        let done = match self.command {
            LetterCommand::Replay => self.replay(open, &mut told).await?,
            LetterCommand::Discard => open
                .iter()
                .map(|stored| Told::of(stored.id, Outcome::Done))
                .collect(),
        };
        told.extend(self.settle(done).await?);
        Ok(Some(told))
    }
}

impl Settling {
    /// Publishes the events of letters; those that are still none are told at once.
    async fn replay(&self, open: Vec<StoredDeadLetter>, told: &mut Vec<Told>) -> Result<Vec<Told>, Problem> {
        let (mut done, mut messages): (Vec<Told>, Vec<Arc<Parcel>>) = Default::default();
        for stored in open {
            match Replay::of(&stored.letter.original_event, &self.context.traceparent) {
                Err(violations) => told.push(Told::invalid(stored.id, summary(&violations))),
                Ok(replay) => {
                    done.push(Told::replayed(stored.id, &replay));
                    messages.push(replay.message.into());
                }
            }
        }
        if !messages.is_empty() {
            let published = self.shared.intake.publish(messages, Duration::MAX).await;
            published.map_err(not_published)?;
        }
        Ok(done)
    }

    /// Takes down what has become of letters. Where somebody else was faster, that stands.
    async fn settle(&self, done: Vec<Told>) -> Result<Vec<Told>, Problem> {
        if done.is_empty() {
            return Ok(done);
        }
        let ids = done.iter().map(|told| told.letter_id).collect();
        let (state, failed): (_, fn(Problem) -> Problem) = match self.command {
            LetterCommand::Replay => (LetterState::Replayed, not_settled),
            LetterCommand::Discard => (LetterState::Discarded, std::convert::identity),
        };
        let changed = self
            .shared
            .stores
            .events(|events| events.settle_dead_letters(ids, state))
            .await;
        let changed: HashSet<Uuid> = changed.map_err(failed)?.into_iter().collect();
        let stands = |told: Told| {
            if changed.contains(&told.letter_id) {
                told
            } else {
                Told::of(told.letter_id, Outcome::Conflict)
            }
        };
        Ok(done.into_iter().map(stands).collect())
    }
}
