//! What a client wants to hear of.

use std::collections::HashSet;
use std::str::FromStr;

use contracts::{EventType, JobStatus};
use service::problem::Problem;
use service::query::{Query, invalid};
use uuid::Uuid;

use super::item::Item;
use crate::parameters;

/// The most alternatives of one parameter.
const MAX_ALTERNATIVES: usize = 100;

/// The parameters of a stream.
pub(crate) const PARAMETERS: [&str; 4] = ["topics", "type", "state", "jobId"];

/// What a client wants to hear of: every condition that it gives, one alternative of each.
#[derive(Debug, Default)]
pub(crate) struct Wants {
    /// The events of jobs.
    pub(crate) events: bool,
    /// The numbers.
    pub(crate) numbers: bool,
    event_types: HashSet<EventType>,
    job_types: HashSet<String>,
    states: HashSet<JobStatus>,
    jobs: HashSet<Uuid>,
}

impl Wants {
    /// Reads the parameters of a stream.
    ///
    /// # Errors
    /// 400 that names the one that makes no sense.
    pub(crate) fn read(query: &Query) -> Result<Self, Problem> {
        let mut wants = Self {
            states: alternatives(query, "state", state)?,
            jobs: alternatives(query, "jobId", |text| parameters::uuid("jobId", text))?,
            ..Self::default()
        };
        for name in alternatives(query, "type", |text| Ok(text.to_owned()))? {
            match EventType::from_str(&name) {
                Ok(event_type) => wants.event_types.insert(event_type),
                Err(_) => wants.job_types.insert(parameters::a_job_type(&name)?),
            };
        }
        let topics = alternatives(query, "topics", topic)?;
        wants.events = topics.is_empty() || topics.contains(&Topic::Job);
        wants.numbers = topics.is_empty() || topics.contains(&Topic::Stats);
        Ok(wants)
    }

    /// Whether an event is one of those.
    pub(super) fn includes(&self, item: &Item) -> bool {
        among(&self.event_types, || Some(&item.event.event_type))
            && among(&self.jobs, || Some(&item.event.job_id))
            && among(&self.job_types, || item.facts().job_type.as_ref())
            && among(&self.states, || item.facts().status.as_ref())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Topic {
    Job,
    Stats,
}

fn topic(text: &str) -> Result<Topic, Problem> {
    match text {
        "job" => Ok(Topic::Job),
        "stats" => Ok(Topic::Stats),
        _ => Err(invalid("topics", "must be one or both of job, stats")),
    }
}

fn state(text: &str) -> Result<JobStatus, Problem> {
    let known = || JobStatus::ALL.map(JobStatus::as_str).join(", ");
    text.parse()
        .map_err(|_| invalid("state", &format!("must be some of {}", known())))
}

/// The values of a parameter, with commas between them.
fn alternatives<T: Eq + std::hash::Hash>(
    query: &Query,
    name: &str,
    read: impl Fn(&str) -> Result<T, Problem>,
) -> Result<HashSet<T>, Problem> {
    let texts = query.text(name).into_iter().flat_map(|text| text.split(','));
    let values: HashSet<T> = texts.map(|text| read(text.trim())).collect::<Result<_, _>>()?;
    if values.len() > MAX_ALTERNATIVES {
        return Err(invalid(
            name,
            &format!("must be at most {MAX_ALTERNATIVES} alternatives"),
        ));
    }
    Ok(values)
}

/// Whether a value is one of the alternatives; no alternatives are no condition, and the value is not asked for.
fn among<'a, T: Eq + std::hash::Hash + 'a>(
    alternatives: &HashSet<T>,
    value: impl FnOnce() -> Option<&'a T>,
) -> bool {
    alternatives.is_empty() || value().is_some_and(|value| alternatives.contains(value))
}

#[cfg(test)]
mod tests;
