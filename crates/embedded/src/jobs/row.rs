//! A job's row in the table, and `domain`'s view of it.

use contracts::EventType;
use domain::limits::Hold;
use domain::{JobEvent, Row};
use jiff::Timestamp;
use ports::NewJob;

use super::facts::Facts;
use super::holds::is_by_limits;
use super::state::State;
use super::{history, state};
use crate::codec::Malformed;
use crate::codes::{moment, status, uuid};
use crate::error::Failure;

/// A job as the table has it.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    /// Its number, by arrival; 0 while it is not stored.
    pub(super) seq: i64,
    pub(super) facts: Facts,
    pub(super) row: Row,
    pub(super) history: Vec<u8>,
    /// Why it is held back, as the tables beside this one know it.
    pub(super) noted: Option<Hold>,
}

impl Stored {
    /// A job that arrives, not stored yet.
    pub(super) fn arriving(job: &NewJob, row: Row) -> Self {
        let facts = Facts::of(job);
        let mut life = history::begin();
        let created = facts.event(EventType::Created, 0, job.accepted_at);
        history::append(&mut life, &created, None);
        Self {
            seq: 0,
            facts,
            row,
            history: life,
            noted: None,
        }
    }

    pub(super) fn is_stored(&self) -> bool {
        self.seq != 0
    }

    /// The job's life so far.
    pub(super) fn events(&self) -> Result<Vec<JobEvent>, Failure> {
        history::decode(&self.facts, &self.history).map_err(|what| self.corrupt(what))
    }

    /// Why its last attempt did not go well.
    pub(super) fn last_error(&self) -> Result<Option<&str>, Failure> {
        history::last_error(&self.history).map_err(|what| self.corrupt(what))
    }

    /// When its latest event happened.
    pub(super) fn updated_at(&self) -> Result<Timestamp, Failure> {
        let last = self.events()?.last().map(|event| event.at);
        Ok(last.unwrap_or(self.facts.created_at))
    }

    /// An event of its present attempt and round.
    pub(super) fn event(&self, event_type: EventType, at: Timestamp) -> JobEvent {
        JobEvent {
            round: self.row.round,
            ..self.facts.event(event_type, self.row.attempt, at)
        }
    }

    /// Adds an event to the history. `holder` is the worker that held the job before the transition.
    pub(super) fn append(&mut self, event: &JobEvent, holder: Option<&str>) {
        history::append(&mut self.history, event, holder);
    }

    fn corrupt(&self, what: Malformed) -> Failure {
        Failure::corrupt(format_args!("history of job {}", self.facts.id), what)
    }
}

/// When the scheduler comes upon a row by time alone; one that limits hold back is found by its type.
pub(super) fn due_at(row: &Row) -> Option<i64> {
    let at = row.wake_at.map(Timestamp::as_microsecond);
    at.filter(|_| !row.held.is_some_and(is_by_limits))
}

/// Finds a job by its identifier.
pub(super) const FIND: &str = "SELECT seq, id, job_type, status, wake_at, state FROM jobs WHERE id = ?1";

/// Finds a job by its number.
pub(super) const FIND_SEQ: &str = "SELECT seq, id, job_type, status, wake_at, state FROM jobs WHERE seq = ?1";

/// Reads a row with the columns of [`FIND`], in their order.
pub(super) fn stored(row: &rusqlite::Row<'_>) -> Result<Stored, Failure> {
    let seq: i64 = row.get(0)?;
    let corrupt = |what| Failure::corrupt(format_args!("jobs {seq}"), what);
    let bytes = row.get_ref(5)?.as_blob().map_err(rusqlite::Error::from)?;
    let state = state::decode(bytes).map_err(corrupt)?;
    let facts = Facts {
        id: uuid(row, 1).map_err(corrupt)?,
        job_type: text(row, 2)?.ok_or_else(|| corrupt(Malformed::Bad("type")))?,
        created_at: state.created_at,
        correlation_id: state.correlation_id,
        priority: state.priority,
        unique_key: state.unique_key.map(str::to_owned),
        schedule: state.schedule.map(str::to_owned),
    };
    let due_at = row.get::<_, Option<i64>>(4)?.map(moment).transpose();
    Ok(Stored {
        seq,
        facts,
        row: rules_view(
            &state,
            status(row.get(3)?).map_err(corrupt)?,
            due_at.map_err(corrupt)?,
        ),
        history: state.history.to_vec(),
        noted: state.held.map(|(reason, _)| reason),
    })
}

/// What the rules decide on.
fn rules_view(state: &State<'_>, status: contracts::JobStatus, due_at: Option<Timestamp>) -> Row {
    let (worker, claim) = state.runs.unzip();
    Row {
        status,
        attempt: state.attempt,
        failures: state.failures,
        crashes: state.crashes,
        worker: worker.map(str::to_owned),
        claim: claim.unwrap_or(0),
        wake_at: wake_at(state, due_at),
        relay: state.relay,
        held: state.held.map(|(reason, _)| reason),
        cancelling: state.cancelling,
        round: state.round,
    }
}

/// When the scheduler looks at a job again, whatever finds it then.
pub(super) fn wake_at(state: &State<'_>, due_at: Option<Timestamp>) -> Option<Timestamp> {
    due_at.or_else(|| state.held.and_then(|(_, look_again_at)| look_again_at))
}

/// Client text out of a column of bytes.
pub(super) fn text(row: &rusqlite::Row<'_>, column: usize) -> Result<Option<String>, Failure> {
    let bytes: Option<Vec<u8>> = row.get(column)?;
    let text = bytes.map(String::from_utf8).transpose();
    text.map_err(|_| Failure::Corrupt(format!("text of column {column} is no UTF-8")))
}
