//! What clients write down of a schedule.

use axum::extract::Request;
use contracts::MAX_EVENT_DEPTH;
use domain::schedule::{CatchUp, Cron, Schedule, ScheduleName};
use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::RawValue;
use service::problem::Problem;
use service::query::Query;
use uuid::Uuid;

use super::violation;
use crate::gateway::Shared;
use crate::members::{self, Bounds, Members};
use crate::submission;

/// The bounds of a schedule, its job included. All schedules are listed at once, so that none may be large.
const BOUNDS: Bounds = Bounds {
    bytes: 64 * 1024,
    // A job with the schedule around it.
    depth: MAX_EVENT_DEPTH,
};

const MEMBERS: [&str; 6] = ["name", "cron", "timezone", "catchUp", "paused", "job"];

/// A schedule as a client wrote it down.
#[derive(Debug)]
pub(crate) struct Draft {
    name: Option<ScheduleName>,
    rule: Cron,
    catch_up: CatchUp,
    paused: bool,
    job: Box<RawValue>,
}

/// Reads a schedule.
///
/// # Errors
/// 400 that says what is wrong with it.
pub(crate) async fn read(shared: &Shared, request: Request) -> Result<Draft, Problem> {
    Query::parse(request.uri(), &[])?;
    let (_, document) = members::read(shared, request, BOUNDS).await?;
    let mut members = Members::of(document, &MEMBERS)?;
    Ok(Draft {
        name: members.read("name")?,
        rule: rule(&mut members)?,
        catch_up: members.take("catchUp", "skip, one or all")?.unwrap_or_default(),
        paused: members.take("paused", "true or false")?.unwrap_or(false),
        job: job(members.require("job", "a job without id and times")?)?,
    })
}

/// The rule of a schedule, in UTC where no time zone is given.
pub(super) fn rule(members: &mut Members) -> Result<Cron, Problem> {
    let expression: String = members.require("cron", "a cron expression, such as \"0 3 * * *\"")?;
    let zone: Option<String> = members.take("timezone", "a name such as Europe/Berlin or UTC")?;
    let rule = Cron::new(&expression, zone.as_deref().unwrap_or("UTC"));
    rule.map_err(|error| members::refuse(vec![violation(&error)]))
}

fn job(document: Value) -> Result<Box<RawValue>, Problem> {
    submission::template(document).map_err(|violations| {
        let below = violations.into_iter().map(|violation| violation.below("/job"));
        members::refuse(below.collect())
    })
}

impl Draft {
    /// The name that the body gives.
    ///
    /// # Errors
    /// 400 where it gives none.
    pub(crate) fn name(&self) -> Result<ScheduleName, Problem> {
        let missing = || members::invalid("/name".to_owned(), "is missing".to_owned());
        self.name.clone().ok_or_else(missing)
    }

    /// Checks the name that the body gives against that of the path.
    ///
    /// # Errors
    /// 400 where they differ.
    pub(crate) fn is_named(&self, name: &ScheduleName) -> Result<(), Problem> {
        match &self.name {
            Some(given) if given != name => {
                let message = format!("must be {name} as in the path, or absent");
                Err(members::invalid("/name".to_owned(), message))
            }
            _ => Ok(()),
        }
    }

    /// The schedule under a name, made at `now`.
    pub(super) fn under(self, name: ScheduleName, id: Uuid, now: Timestamp) -> Schedule {
        Schedule {
            id,
            name,
            cron: self.rule.expression().to_owned(),
            timezone: self.rule.timezone().to_owned(),
            catch_up: self.catch_up,
            paused: self.paused,
            job: self.job,
            created_at: now,
            updated_at: now,
            next_at: if self.paused {
                None
            } else {
                self.rule.next_after(now)
            },
            last_at: None,
            last_job: None,
        }
    }
}
