//! A job's row, and `domain`'s view of it.

use contracts::EventType;
use domain::fingerprint::fingerprint;
use domain::{JobEvent, Row};
use jiff::Timestamp;
use ports::NewJob;
use sqlx::Row as _;
use sqlx::postgres::{PgRow, Postgres};

use crate::codes::{hold, moment, priority, status, to_the_microsecond};
use crate::error::Failure;
use crate::facts::Facts;
use crate::history::{self, Ending};
use crate::text::original;

/// The columns that [`Stored::read`] reads, in their order.
macro_rules! row_columns {
    () => {
        "seq, version, id, job_type, created_at, accepted_at, correlation_id, priority, run_at, unique_key, \
         status, attempt, failures, crashes, worker, claim, wake_at, relay, held, cancelling, round, \
         updated_at, released_until, fingerprint, history"
    };
}
pub(crate) use row_columns;

/// How many columns these are: those that a statement adds come behind them.
pub(crate) const ROW_COLUMNS: usize = 25;

/// A job as its row has it, with what has happened to it since.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Its number, by arrival; 0 while it is not stored.
    pub(crate) seq: i64,
    pub(crate) version: i32,
    pub(crate) facts: Facts,
    pub(crate) row: Row,
    /// When its latest event happened.
    pub(crate) updated_at: Timestamp,
    /// A job of a limited type that was dispatched counts as if it ran, until then.
    pub(crate) released_until: Option<Timestamp>,
    /// The group of the error with which the latest attempt ended.
    pub(crate) fingerprint: Option<u64>,
    /// The stored history; absent where only the row is remembered.
    pub(crate) history: Option<String>,
    pub(crate) news: News,
}

/// What has happened to a row and is not stored.
#[derive(Clone, Debug, Default)]
pub(crate) struct News {
    /// Whether anything has.
    pub(crate) any: bool,
    /// Events, as they are appended to the history.
    pub(crate) history: String,
    /// Whether an attempt started.
    pub(crate) starts: bool,
    /// What the handler returned.
    pub(crate) result: Option<String>,
}

impl Stored {
    /// A job that arrives, not stored yet.
    pub(crate) fn arriving(job: &NewJob, row: Row) -> Result<Self, Failure> {
        let facts = Facts::of(job);
        let created = facts.event(EventType::Created, 0, job.accepted_at);
        let mut stored = Self {
            seq: 0,
            version: 0,
            updated_at: created.at,
            facts,
            row,
            released_until: None,
            fingerprint: None,
            history: Some(String::new()),
            news: News::default(),
        };
        stored.append(&created)?;
        Ok(stored)
    }

    pub(crate) fn is_stored(&self) -> bool {
        self.seq != 0
    }

    /// An event of its present attempt and round.
    pub(crate) fn event(&self, event_type: EventType, at: Timestamp) -> JobEvent {
        JobEvent {
            round: self.row.round,
            ..self.facts.event(event_type, self.row.attempt, at)
        }
    }

    /// Adds an event to the history.
    pub(crate) fn append(&mut self, event: &JobEvent) -> Result<(), Failure> {
        history::append(&mut self.news.history, event)?;
        self.news.any = true;
        self.updated_at = event.at;
        if let Some(ending) = Ending::of(event) {
            self.fingerprint = ending.error.as_deref().map(|error| fingerprint(error).0);
        }
        Ok(())
    }

    /// Starts the next attempt, and names the event. Call only where `domain::claim::decide` says so.
    pub(crate) fn start(&mut self, worker: &str, claim: u64, now: Timestamp) -> Result<JobEvent, Failure> {
        self.row.start(worker, claim);
        self.released_until = None;
        self.news.starts = true;
        let event = JobEvent {
            worker: Some(worker.to_owned()),
            ..self.event(EventType::Executed, now)
        };
        self.append(&event)?;
        Ok(event)
    }

    /// The job's life so far.
    pub(crate) fn events(&self) -> Result<Vec<JobEvent>, Failure> {
        let missing = || Failure::Corrupt(format!("history of job {} was not read", self.facts.id));
        let stored = self.history.as_ref().ok_or_else(missing)?;
        let mut events = history::decode(&self.facts, stored)?;
        events.extend(history::decode(&self.facts, &self.news.history)?);
        Ok(events)
    }

    /// What is to be remembered of it once everything is stored.
    pub(crate) fn settled(mut self) -> Self {
        self.history = None;
        self.news = News::default();
        self
    }

    /// Reads a row with the columns of [`row_columns`], in their order.
    pub(crate) fn read(row: &PgRow) -> Result<Self, Failure> {
        let fields = &mut Fields { row, at: 0 };
        let (seq, version) = (fields.next()?, fields.next()?);
        let facts = facts(fields)?;
        let view = rules_view(fields)?;
        Ok(Self {
            seq,
            version,
            facts,
            row: view,
            updated_at: moment(fields.next()?)?,
            released_until: fields.moment()?,
            fingerprint: fields.next::<Option<i64>>()?.map(i64::cast_unsigned),
            history: Some(fields.next()?),
            news: News::default(),
        })
    }
}

fn facts(fields: &mut Fields<'_>) -> Result<Facts, Failure> {
    Ok(Facts {
        id: fields.next()?,
        job_type: original(fields.next()?),
        created_at: moment(fields.next()?)?,
        accepted_at: moment(fields.next()?)?,
        correlation_id: fields.next()?,
        priority: priority(fields.next()?)?,
        run_at: fields.moment()?,
        unique_key: fields.text()?,
    })
}

/// What the rules decide on.
fn rules_view(fields: &mut Fields<'_>) -> Result<Row, Failure> {
    Ok(Row {
        status: status(fields.next()?)?,
        attempt: fields.number()?,
        failures: fields.number()?,
        crashes: fields.number()?,
        worker: fields.text()?,
        claim: fields.next::<i64>()?.cast_unsigned(),
        wake_at: fields.moment()?,
        relay: fields.next()?,
        held: fields.next::<Option<i16>>()?.map(hold).transpose()?,
        cancelling: fields.next()?,
        round: fields.number()?,
    })
}

/// The columns of a row, one after the other.
pub(crate) struct Fields<'r> {
    pub(crate) row: &'r PgRow,
    pub(crate) at: usize,
}

impl<'r> Fields<'r> {
    pub(crate) fn next<T>(&mut self) -> Result<T, Failure>
    where
        T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
    {
        let value = self.row.try_get(self.at)?;
        self.at += 1;
        Ok(value)
    }

    /// A count, which is stored with the same bits.
    fn number(&mut self) -> Result<u32, Failure> {
        Ok(self.next::<i32>()?.cast_unsigned())
    }

    pub(crate) fn moment(&mut self) -> Result<Option<Timestamp>, Failure> {
        self.next::<Option<i64>>()?.map(moment).transpose()
    }

    /// Client text.
    pub(crate) fn text(&mut self) -> Result<Option<String>, Failure> {
        Ok(self.next::<Option<String>>()?.map(original))
    }
}

/// A row's moments are as fine as they are stored.
pub(crate) fn trim(row: &mut Row) {
    row.wake_at = row.wake_at.map(to_the_microsecond);
}
