//! The limits that are set, in memory, and the tokens of their rates.
//!
//! They are read once and asked for every claim; where none is set, nothing is looked up. What starts cost in tokens
//! is saved once in a group of operations.

use std::collections::HashMap;

use domain::limits::{Bucket, Gate, Limits, Verdict, gate};
use jiff::Timestamp;
use ports::{AllLimits, LimitChange, MAX_LIMITED_TYPES};
use rusqlite::{Connection, params};

use super::row::text;
use crate::codes::moment;
use crate::error::Failure;

/// Every limit that is set.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    all_paused: bool,
    types: HashMap<String, Limited>,
}

/// A type with limits.
#[derive(Debug)]
struct Limited {
    limits: Limits,
    bucket: Option<Bucket>,
    /// Whether the bucket is not saved.
    changed: bool,
}

impl Limiter {
    /// Reads the limits.
    pub(super) fn load(connection: &Connection) -> Result<Self, Failure> {
        let mut types = HashMap::new();
        let mut find = connection.prepare_cached("SELECT job_type, limits, tokens, at FROM limits")?;
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let (job_type, limits) = entry(row)?;
            let limited = Limited {
                limits,
                bucket: bucket(row)?,
                changed: false,
            };
            types.insert(job_type, limited);
        }
        Ok(Self {
            all_paused: is_all_paused(connection)?,
            types,
        })
    }

    /// Saves the tokens that were taken since.
    pub(super) fn save(&mut self, connection: &Connection) -> Result<(), Failure> {
        for (job_type, limited) in &mut self.types {
            if std::mem::take(&mut limited.changed) {
                let sql = "UPDATE limits SET tokens = ?2, at = ?3 WHERE job_type = ?1";
                connection.prepare_cached(sql)?.execute(params![
                    job_type.as_bytes(),
                    limited.bucket.map(|bucket| bucket.tokens),
                    limited.bucket.map(|bucket| bucket.at.as_microsecond()),
                ])?;
            }
        }
        Ok(())
    }

    /// Changes limits, here and in the table. A rate that is only changed keeps its tokens.
    pub(super) fn change(&mut self, connection: &Connection, change: &LimitChange) -> Result<(), Failure> {
        match change {
            LimitChange::PauseAll(paused) => {
                let sql = "UPDATE meta SET value = ?1 WHERE name = 'all_paused'";
                connection.execute(sql, [paused])?;
                self.all_paused = *paused;
                Ok(())
            }
            LimitChange::Pause(job_type, paused) => {
                let limits = self.types.get(job_type).map(|limited| limited.limits);
                let limits = Limits {
                    paused: *paused,
                    ..limits.unwrap_or_default()
                };
                self.change(connection, &LimitChange::Of(job_type.clone(), limits))
            }
            LimitChange::Of(job_type, limits) if limits.is_open() => {
                let sql = "DELETE FROM limits WHERE job_type = ?1";
                connection.execute(sql, [job_type.as_bytes()])?;
                self.types.remove(job_type);
                Ok(())
            }
            LimitChange::Of(job_type, limits) => self.set(connection, job_type, *limits),
        }
    }

    fn set(&mut self, connection: &Connection, job_type: &str, limits: Limits) -> Result<(), Failure> {
        if self.types.len() >= MAX_LIMITED_TYPES && !self.types.contains_key(job_type) {
            return Err(Failure::Refused(format!(
                "limits are kept for {MAX_LIMITED_TYPES} job types at most"
            )));
        }
        let json = serde_json::to_string(&limits).map_err(|error| Failure::Refused(error.to_string()))?;
        let sql = "INSERT INTO limits (job_type, limits) VALUES (?1, ?2)
                   ON CONFLICT (job_type) DO UPDATE SET limits = excluded.limits";
        connection.execute(sql, params![job_type.as_bytes(), json])?;
        let before = self.types.remove(job_type).and_then(|limited| limited.bucket);
        let limited = Limited {
            bucket: before.filter(|_| limits.rate.is_some()),
            limits,
            changed: true,
        };
        self.types.insert(job_type.to_owned(), limited);
        Ok(())
    }

    /// Whether nothing limits the type.
    pub(super) fn is_open(&self, job_type: &str) -> bool {
        !self.all_paused && (self.types.is_empty() || !self.types.contains_key(job_type))
    }

    pub(super) fn is_all_paused(&self) -> bool {
        self.all_paused
    }

    /// Whether an end of an attempt may make room for another one of the type.
    pub(super) fn has_places(&self, job_type: &str) -> bool {
        let limited = self.types.get(job_type);
        limited.is_some_and(|limited| limited.limits.concurrency.is_some())
    }

    /// Decides whether a job of the type may start, and takes its token if so.
    pub(super) fn gate(&mut self, job_type: &str, ask: Ask, now: Timestamp) -> Verdict {
        let limited = self.types.get_mut(job_type);
        let limits = limited
            .as_ref()
            .map_or_else(Limits::default, |limited| limited.limits);
        let situation = Gate {
            all_paused: self.all_paused,
            limits: &limits,
            running: ask.running,
            others_wait: ask.others_wait,
            is_released: ask.is_released,
        };
        let Some(limited) = limited else {
            return gate(&situation, &mut None, now);
        };
        let before = limited.bucket;
        let verdict = gate(&situation, &mut limited.bucket, now);
        limited.changed |= limited.bucket != before;
        verdict
    }

    /// How many jobs of the type may start now, `most` at most, beside those that run or are about to. Takes nothing.
    pub(super) fn room(&self, job_type: &str, busy: Busy, now: Timestamp, most: usize) -> usize {
        let limits = self.types.get(job_type);
        if self.all_paused || limits.is_some_and(|limited| limited.limits.paused) {
            return 0;
        }
        limits.map_or(most, |limited| limited.room(busy, now, most))
    }
}

impl Limited {
    fn room(&self, busy: Busy, now: Timestamp, most: usize) -> usize {
        let places = self.limits.concurrency.map_or(most, |places| {
            let taken = (busy.running as usize).saturating_add(busy.about_to_run);
            (places.get() as usize).saturating_sub(taken)
        });
        let starts = self.limits.rate.map_or(most, |rate| {
            let mut bucket = self.bucket.unwrap_or_else(|| Bucket::full(&rate, now));
            let wanted = most.min(places).saturating_add(busy.about_to_run);
            let tokens = (0..wanted)
                .take_while(|_| bucket.take(&rate, now).is_ok())
                .count();
            tokens.saturating_sub(busy.about_to_run)
        });
        most.min(places).min(starts)
    }
}

/// The situation in which a job wants to start; see [`Gate`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    pub(super) running: u32,
    pub(super) others_wait: bool,
    pub(super) is_released: bool,
}

/// What counts against the limits of a type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Busy {
    pub(super) running: u32,
    /// How many were let go and have not started.
    pub(super) about_to_run: usize,
}

/// Every limit that is set, for those who ask.
pub(super) fn all(connection: &Connection) -> Result<AllLimits, Failure> {
    let transaction = connection.unchecked_transaction()?;
    let mut all = AllLimits {
        paused: is_all_paused(&transaction)?,
        ..AllLimits::default()
    };
    let mut find = transaction.prepare_cached("SELECT job_type, limits FROM limits")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let (job_type, limits) = entry(row)?;
        all.types.insert(job_type, limits);
    }
    Ok(all)
}

fn is_all_paused(connection: &Connection) -> Result<bool, Failure> {
    let sql = "SELECT value FROM meta WHERE name = 'all_paused'";
    let paused: i64 = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    Ok(paused != 0)
}

/// A type and its limits, out of the first two columns.
fn entry(row: &rusqlite::Row<'_>) -> Result<(String, Limits), Failure> {
    let job_type = text(row, 0)?.unwrap_or_default();
    let json: String = row.get(1)?;
    let limits = serde_json::from_str(&json)
        .map_err(|error| Failure::Corrupt(format!("limits of {job_type}: {error}")))?;
    Ok((job_type, limits))
}

fn bucket(row: &rusqlite::Row<'_>) -> Result<Option<Bucket>, Failure> {
    let (tokens, at): (Option<f64>, Option<i64>) = (row.get(2)?, row.get(3)?);
    let (Some(tokens), Some(at)) = (tokens, at) else {
        return Ok(None);
    };
    let at = moment(at).map_err(|what| Failure::corrupt("limits", what))?;
    Ok(Some(Bucket { tokens, at }))
}

#[cfg(test)]
mod tests;
