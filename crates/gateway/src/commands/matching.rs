//! A command on all the jobs that match.

use std::sync::Arc;

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use contracts::JobStatus;
use domain::query::Query;
use jiff::Timestamp;
use ports::{Command, CommandOutcome, Cursor};
use serde::Serialize;
use service::ask::{Part, inconsistent};
use service::problem::Problem;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{count, name, selection, status_after};
use crate::bulk::{self, Item, Outcome, Tally, Task};
use crate::gateway::Shared;

/// How many jobs are listed and commanded at once: one transaction of the store each.
pub(super) const PAGE: usize = 500;

/// How many jobs a command would be for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub(crate) struct Matched {
    /// So many match.
    pub(crate) matched: u64,
    /// Whether that is all; counting ends after a minute.
    pub(crate) complete: bool,
}

/// Answers a command over jobs: the number of matches where that is all that was asked for, otherwise a line for each.
///
/// # Errors
/// 400 for what does not read, 503 where the store is away.
pub(crate) async fn all_matching(
    shared: &Arc<Shared>,
    command: Command,
    request: Request,
) -> Result<Response, Problem> {
    let selection = selection::read(shared, request).await?;
    let pages = Pages::new(shared, selection.query);
    if selection.dry_run {
        let matched = count::count(shared, pages).await?;
        return Ok(Json(matched).into_response());
    }
    bulk::answer(shared, Commanding { command, pages }, Tally::default()).await
}

/// The jobs that match, page by page, newest first. What arrives meanwhile is not among them.
pub(super) struct Pages {
    shared: Arc<Shared>,
    query: Query,
    /// The query's moment: a page is not matched by another time than the one before.
    now: Timestamp,
    place: Option<Place>,
}

enum Place {
    Beginning,
    At(Cursor),
}

impl Pages {
    fn new(shared: &Arc<Shared>, query: Query) -> Self {
        Self {
            shared: Arc::clone(shared),
            query,
            now: shared.clock.now(),
            place: Some(Place::Beginning),
        }
    }

    /// The next page; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Uuid>>, Problem> {
        let cursor = match &self.place {
            None => return Ok(None),
            Some(Place::Beginning) => None,
            Some(Place::At(cursor)) => Some(cursor),
        };
        let page = self
            .shared
            .stores
            .jobs(|jobs| jobs.list(&self.query, self.now, cursor, PAGE))
            .await?;
        self.place = page.next.map(Place::At);
        Ok(Some(page.items.into_iter().map(|job| job.id).collect()))
    }
}

struct Commanding {
    command: Command,
    pages: Pages,
}

impl Commanding {
    async fn command(&self, ids: Vec<Uuid>) -> Result<Vec<Told>, Problem> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let shared = &self.pages.shared;
        let (wanted, now) = (ids.clone(), shared.clock.now());
        let outcomes = shared
            .stores
            .jobs(|jobs| jobs.command(wanted, self.command, now))
            .await?;
        if outcomes.len() != ids.len() {
            return Err(inconsistent(Part::JobStore));
        }
        let told = ids.into_iter().zip(outcomes);
        Ok(told
            .map(|(id, outcome)| Told::of(id, self.command, outcome))
            .collect())
    }
}

impl Task for Commanding {
    type Item = Told;

    fn kind(&self) -> &'static str {
        name(self.command)
    }

    async fn next(&mut self) -> Result<Option<Vec<Told>>, Problem> {
        match self.pages.next().await? {
            Some(ids) => self.command(ids).await.map(Some),
            None => Ok(None),
        }
    }
}

/// What became of one job.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    job_id: Uuid,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<JobStatus>,
}

impl Told {
    fn of(job_id: Uuid, command: Command, outcome: CommandOutcome) -> Self {
        let (outcome, status) = match outcome {
            CommandOutcome::Done => (Outcome::Done, status_after(command)),
            CommandOutcome::Requested => (Outcome::Requested, Some(JobStatus::Executing)),
            CommandOutcome::Conflict(status) => (Outcome::Conflict, Some(status)),
            CommandOutcome::Unknown => (Outcome::Unknown, None),
        };
        Self {
            job_id,
            outcome,
            status,
        }
    }
}

impl Item for Told {
    fn outcome(&self) -> Outcome {
        self.outcome
    }
}
