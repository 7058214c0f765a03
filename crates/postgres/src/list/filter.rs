//! What the database itself passes over: rows that cannot match, by what their columns say.

use domain::query::{Condition, Pattern, Query};
use jiff::Timestamp;
use sqlx::Postgres;
use sqlx::postgres::PgArguments;
use sqlx::query::Query as Statement;

use super::plan::times;
use crate::codes::rank;
use crate::search::{Interval, Zones};
use crate::text::stored as text;

/// The condition of a statement, whose parameters begin at $4: see [`Filter::bind`].
macro_rules! filter_sql {
    () => {
        "($4::smallint[] IS NULL OR status = ANY ($4))
         AND updated_at BETWEEN $5 AND $6 AND accepted_at BETWEEN $7 AND $8 AND created_at BETWEEN $9 AND $10
         AND ($11::text[] IS NULL OR job_type = ANY ($11))
         AND ($12::smallint[] IS NULL OR priority = ANY ($12))
         AND ($13::text[] IS NULL OR unique_key = ANY ($13))
         AND ($14::text[] IS NULL OR schedule = ANY ($14))
         AND ($15::text[] IS NULL OR worker = ANY ($15))"
    };
}
pub(super) use filter_sql;

/// What a match has in its columns.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    updated: Interval,
    zones: Zones,
    types: Option<Vec<String>>,
    priorities: Option<Vec<i16>>,
    keys: Option<Vec<String>>,
    schedules: Option<Vec<String>>,
    workers: Option<Vec<String>>,
}

impl Filter {
    pub(super) fn of(query: &Query, now: Timestamp) -> Self {
        let (zones, updated) = times::zones(query, now);
        let mut filter = Self {
            updated,
            zones,
            types: None,
            priorities: None,
            keys: None,
            schedules: None,
            workers: None,
        };
        // Of two terms about the same the first one is enough to pass over most: what is left is looked at once more.
        for term in query.terms().iter().filter(|term| !term.negated) {
            filter.take_in(&term.condition);
        }
        filter
    }

    fn take_in(&mut self, condition: &Condition) {
        match condition {
            Condition::Type(patterns) if self.types.is_none() => self.types = names(patterns),
            Condition::Priority(priorities) if self.priorities.is_none() => {
                self.priorities = Some(priorities.iter().copied().map(rank).collect());
            }
            Condition::Key(keys) if self.keys.is_none() => self.keys = Some(texts(keys)),
            Condition::Schedule(names) if self.schedules.is_none() => self.schedules = Some(texts(names)),
            Condition::Worker(names) if self.workers.is_none() => self.workers = Some(texts(names)),
            _ => {}
        }
    }

    /// Binds the parameters of [`filter_sql`]: of the statuses, if they are given, and all others.
    pub(super) fn bind(
        &self,
        query: Statement<'static, Postgres, PgArguments>,
        statuses: Option<Vec<i16>>,
    ) -> Statement<'static, Postgres, PgArguments> {
        query
            .bind(statuses)
            .bind(self.updated.from)
            .bind(self.updated.to)
            .bind(self.zones.accepted.from)
            .bind(self.zones.accepted.to)
            .bind(self.zones.created.from)
            .bind(self.zones.created.to)
            .bind(&self.types)
            .bind(&self.priorities)
            .bind(&self.keys)
            .bind(&self.schedules)
            .bind(&self.workers)
    }
}

fn texts(texts: &[String]) -> Vec<String> {
    texts.iter().map(|value| text(value).into_owned()).collect()
}

/// The names, unless a pattern stands for several.
fn names(patterns: &[Pattern]) -> Option<Vec<String>> {
    let name = |pattern: &Pattern| match pattern {
        Pattern::Exact(name) => Some(text(name).into_owned()),
        Pattern::Prefix(_) => None,
    };
    patterns.iter().map(name).collect()
}
