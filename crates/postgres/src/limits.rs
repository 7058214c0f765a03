//! The limits that are set.
//!
//! Every process remembers them, with their epoch. Whoever changes them counts the epoch up, and whatever starts jobs
//! names the epoch that it knows in the statement that starts them ([`crate::insert`], [`crate::update`]): if it is
//! another one by now nothing starts, and the limits are read again. So jobs of types without limits cost a look at
//! one row, and there is no moment in which a new limit does not hold.

mod change;
mod tokens;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::limits::Limits;
use ports::AllLimits;
use sqlx::postgres::PgConnection;

use crate::core::{Core, Operation, Session};
use crate::error::Failure;
use crate::text::original;

pub(crate) use change::Change;
pub(crate) use tokens::{lock_buckets, read_buckets, save_buckets};

/// Every limit that is set, as of an epoch.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) epoch: i64,
    pub(crate) paused: bool,
    types: HashMap<String, Limits>,
}

impl Book {
    /// Whether nothing limits the type.
    pub(crate) fn is_open(&self, job_type: &str) -> bool {
        !self.paused && (self.types.is_empty() || !self.types.contains_key(job_type))
    }

    /// The limits of a type, if it has any.
    pub(crate) fn of(&self, job_type: &str) -> Option<&Limits> {
        self.types.get(job_type)
    }

    /// Whether the end of an attempt may make room for another one of the type.
    pub(crate) fn has_places(&self, job_type: &str) -> bool {
        self.of(job_type)
            .is_some_and(|limits| limits.concurrency.is_some())
    }
}

/// The limits as this process remembers them.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<Option<Arc<Book>>>);

impl Limiter {
    fn get(&self) -> Option<Arc<Book>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, book: Arc<Book>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(book);
    }
}

impl Core {
    /// The limits as they were lately.
    pub(crate) async fn limits(&self) -> Result<Arc<Book>, Failure> {
        match self.limits.get() {
            Some(book) => Ok(book),
            None => self.ask(&Read).await,
        }
    }
}

/// Reads the limits, to be remembered.
struct Read;

impl Operation for Read {
    type Answer = Arc<Book>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Arc<Book>, Failure> {
        session.read_limits().await
    }
}

impl Session<'_> {
    /// The limits as they are now.
    pub(crate) async fn limits(&mut self) -> Result<Arc<Book>, Failure> {
        if let Some(book) = self.core.limits.get() {
            let sql = "SELECT limits_epoch FROM settings";
            let epoch: i64 = sqlx::query_scalar(sql).fetch_one(&mut *self.connection).await?;
            if epoch == book.epoch {
                return Ok(book);
            }
        }
        self.read_limits().await
    }

    async fn read_limits(&mut self) -> Result<Arc<Book>, Failure> {
        let book = Arc::new(read(self.connection).await?);
        self.core.limits.set(Arc::clone(&book));
        Ok(book)
    }
}

/// A row of [`read`].
type Entry = (i64, bool, Option<String>, Option<String>);

async fn read(connection: &mut PgConnection) -> Result<Book, Failure> {
    let sql = "SELECT limits_epoch, paused, job_type, limits FROM settings LEFT JOIN limits ON true";
    let entries: Vec<Entry> = sqlx::query_as(sql).fetch_all(connection).await?;
    let mut book = Book::default();
    for (epoch, paused, job_type, limits) in entries {
        (book.epoch, book.paused) = (epoch, paused);
        if let (Some(job_type), Some(limits)) = (job_type, limits) {
            let job_type = original(job_type);
            let limits = parse(&job_type, &limits)?;
            book.types.insert(job_type, limits);
        }
    }
    Ok(book)
}

fn parse(job_type: &str, json: &str) -> Result<Limits, Failure> {
    let limits = serde_json::from_str(json);
    limits.map_err(|error| Failure::corrupt(format_args!("limits of {job_type}"), error))
}

/// Reads the limits, for those who ask.
pub(crate) struct ReadAll;

impl Operation for ReadAll {
    type Answer = AllLimits;

    async fn run(&self, session: &mut Session<'_>) -> Result<AllLimits, Failure> {
        let book = read(session.connection).await?;
        Ok(AllLimits {
            paused: book.paused,
            types: book.types.into_iter().collect(),
        })
    }
}
