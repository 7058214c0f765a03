//! Unique keys: at most one job that has not ended under each.
//!
//! Whoever reads or writes here holds the lock of the key ([`crate::locks::Lock::Key`]).

mod release;

use std::collections::{HashMap, HashSet};

use domain::limits::Hold;
use jiff::Timestamp;
use ports::{Reservation, Reserved};
use sqlx::postgres::{PgBindIterExt, PgConnection};
use uuid::Uuid;

use crate::codes::{moment, to_the_microsecond};
use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::row::Stored;
use crate::text::{original, stored as text};

pub(crate) use release::{Ended, release, release_row};

/// How many reservations that have ended go at a time.
const SWEEP: i64 = 100;

/// What became of the wish for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// It is the job's, until its end; or the job has none.
    Owned,
    /// Another job has it: until the moment, where it has only reserved it.
    Taken(Option<Timestamp>),
}

/// Whose a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Holder {
    job_id: Uuid,
    /// Until when, where it is only reserved.
    until: Option<Timestamp>,
}

impl Holder {
    fn has_ended(self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// Some keys, and whose they are.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    holders: HashMap<String, Holder>,
    changed: HashSet<String>,
}

impl Keys {
    /// Reads whose these keys are.
    pub(crate) async fn read(connection: &mut PgConnection, keys: &[&str]) -> Result<Self, Failure> {
        if keys.is_empty() {
            return Ok(Self::default());
        }
        let sql = "SELECT key, job_id, reserved_until FROM unique_keys WHERE key = ANY($1)";
        let query = sqlx::query_as(sql).bind(keys.iter().map(|key| text(key)).bind_iter());
        let found: Vec<(String, Uuid, Option<i64>)> = query.fetch_all(connection).await?;
        let holder = |(key, job_id, until): (String, Uuid, Option<i64>)| {
            let until = until.map(moment).transpose()?;
            Ok((original(key), Holder { job_id, until }))
        };
        Ok(Self {
            holders: found.into_iter().map(holder).collect::<Result<_, Failure>>()?,
            changed: HashSet::new(),
        })
    }

    /// Whose a key is, if anybody's.
    pub(crate) fn holder(&self, key: &str) -> Option<Uuid> {
        self.holders.get(key).map(|holder| holder.job_id)
    }

    /// Makes a job the owner of its key, if it has one and nobody else has it at `now`.
    pub(crate) fn own(&mut self, stored: &Stored, now: Timestamp) -> Key {
        let Some(key) = &stored.facts.unique_key else {
            return Key::Owned;
        };
        let id = stored.facts.id;
        match self.holders.get(key) {
            Some(holder) if holder.job_id != id && !holder.has_ended(now) => Key::Taken(holder.until),
            Some(Holder { job_id, until: None }) if *job_id == id => Key::Owned,
            _ => {
                self.set(key, id, None);
                Key::Owned
            }
        }
    }

    /// Makes a job the owner of its key, or holds it back until it can be.
    pub(crate) fn own_or_wait(&mut self, stored: &mut Stored, now: Timestamp) {
        if let Key::Taken(until) = self.own(stored, now) {
            stored.row.hold(Hold::Unique, until);
            stored.news.any = true;
        }
    }

    fn reserve(&mut self, wish: &Reservation, now: Timestamp) -> Reserved {
        let Reservation { key, job_id, until } = wish;
        match self.holders.get(key) {
            Some(holder) if holder.job_id == *job_id && holder.until.is_none() => Reserved::Yours,
            Some(holder) if holder.job_id != *job_id && !holder.has_ended(now) => {
                Reserved::HeldBy(holder.job_id)
            }
            _ => {
                self.set(key, *job_id, Some(to_the_microsecond(*until)));
                Reserved::Yours
            }
        }
    }

    fn set(&mut self, key: &str, job_id: Uuid, until: Option<Timestamp>) {
        self.holders.insert(key.to_owned(), Holder { job_id, until });
        self.changed.insert(key.to_owned());
    }

    /// Writes whose keys have changed.
    pub(crate) async fn write(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        let changed = self.holders.iter().filter(|(key, _)| self.changed.contains(*key));
        let changed: Vec<(&String, &Holder)> = changed.collect();
        if changed.is_empty() {
            return Ok(());
        }
        let sql = "INSERT INTO unique_keys (key, job_id, reserved_until)
                   SELECT * FROM unnest($1::text[], $2::uuid[], $3::bigint[])
                   ON CONFLICT (key) DO UPDATE SET job_id = excluded.job_id, reserved_until = excluded.reserved_until";
        let until = |holder: &Holder| holder.until.map(Timestamp::as_microsecond);
        sqlx::query(sql)
            .bind(changed.iter().map(|(key, _)| text(key)).bind_iter())
            .bind(changed.iter().map(|(_, holder)| holder.job_id).bind_iter())
            .bind(changed.iter().map(|(_, holder)| until(holder)).bind_iter())
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Reserves keys for jobs that are about to be published, in order.
pub(crate) struct Reserve {
    pub(crate) wishes: Vec<Reservation>,
    pub(crate) now: Timestamp,
}

impl Operation for Reserve {
    type Answer = Vec<Reserved>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Vec<Reserved>, Failure> {
        let names: Vec<&str> = self.wishes.iter().map(|wish| &*wish.key).collect();
        session.lock_keys(&names).await?;
        sweep(session.connection, self.now).await?;
        let mut keys = Keys::read(session.connection, &names).await?;
        let answers = self
            .wishes
            .iter()
            .map(|wish| keys.reserve(wish, self.now))
            .collect();
        keys.write(session.connection).await?;
        Ok(answers)
    }
}

/// Forgets reservations that have ended, some at a time.
pub(crate) async fn sweep(connection: &mut PgConnection, now: Timestamp) -> Result<(), Failure> {
    let sql = "DELETE FROM unique_keys WHERE key IN
               (SELECT key FROM unique_keys WHERE reserved_until <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)";
    sqlx::query(sql)
        .bind(now.as_microsecond())
        .bind(SWEEP)
        .execute(connection)
        .await?;
    Ok(())
}
