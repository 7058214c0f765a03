//! Which jobs can match a query, as far as indexes know.

mod also;
mod times;

use domain::fingerprint::fingerprint;
use domain::query::{Condition, Query, State, TermKind, TextTest};
use jiff::Timestamp;
use rusqlite::Connection;

use super::hint::{self, Hint};
use super::statuses::Statuses;
use crate::error::Failure;
use crate::jobs::running;
use crate::jobs::search::{Interval, Window, Zones, priority_term};
use also::Also;
use contracts::JobStatus;

/// What a match is among.
#[derive(Debug)]
pub(super) struct Plan {
    /// A match has one of these statuses...
    statuses: Statuses,
    /// ...or is one of these jobs: numbers from the lowest up.
    pub(super) also: Vec<i64>,
    /// When it last changed.
    pub(super) updated: Interval,
    /// The jobs that run, from the lowest number up, if they are asked for.
    pub(super) running: Vec<i64>,
    /// What its chunk has, the cheapest first.
    hints: Vec<Hint>,
}

/// What can match in the chunks of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    /// Chunks that may have a match.
    candidates: u64,
    /// Chunks in which a match has an error.
    errors_only: u64,
    statuses: Statuses,
}

impl Plan {
    pub(super) fn of(connection: &Connection, query: &Query, now: Timestamp) -> Result<Self, Failure> {
        let mut plan = Self {
            statuses: Statuses::ALL,
            also: Vec::new(),
            updated: Interval::ALWAYS,
            running: Vec::new(),
            hints: Vec::new(),
        };
        plan.hint_at_times(query, now);
        plan.hint_at_terms(query);
        for term in query.terms() {
            if term.negated {
                plan.exclude(&term.condition);
            } else {
                plan.narrow(connection, &term.condition, now)?;
            }
        }
        plan.also.sort_unstable();
        plan.also.dedup();
        if plan.statuses.has(JobStatus::Executing) {
            plan.running = running::saved(connection)?;
        }
        Ok(plan)
    }

    fn hint_at_times(&mut self, query: &Query, now: Timestamp) {
        let mut zones = Zones::ALWAYS;
        for term in query.terms() {
            if let Some((field, interval)) = times::of(term, now) {
                let known = match field {
                    times::Field::Accepted => &mut zones.accepted,
                    times::Field::Created => &mut zones.created,
                    times::Field::Updated => &mut self.updated,
                };
                *known = known.and(interval);
            }
        }
        if zones != Zones::ALWAYS {
            self.hints.push(Hint::Zones(zones));
        }
    }

    fn hint_at_terms(&mut self, query: &Query) {
        let elsewhere = |kind: TermKind| matches!(kind, TermKind::Type | TermKind::Fingerprint);
        let clauses = query.index_terms().into_iter();
        let hints = clauses
            .filter(|clause| !elsewhere(clause.kind))
            .map(|clause| Hint::Terms(clause.any_of.into_iter().map(|term| term.hash).collect()));
        self.hints.extend(hints);
    }

    fn narrow(
        &mut self,
        connection: &Connection,
        condition: &Condition,
        now: Timestamp,
    ) -> Result<(), Failure> {
        match condition {
            Condition::Id(ids) => self.only(Also::of_ids(connection, ids)?),
            Condition::State(states) => self.only(Also::of_states(connection, states, now)?),
            Condition::Held(_) => self.only(Also::held(connection)?),
            Condition::Worker(_) => self.statuses = self.statuses.and(JobStatus::Executing.into()),
            Condition::Type(patterns) => self.hints.extend(hint::types(connection, patterns)?),
            Condition::Priority(priorities) => {
                let terms = priorities.iter().copied().map(priority_term);
                self.hints.push(Hint::Terms(terms.collect()));
            }
            Condition::Fingerprint(groups) => self.with_error(Some(Hint::Errors(groups.clone()))),
            Condition::Error(TextTest::Is(errors)) => {
                let groups = errors.iter().map(|error| fingerprint(error));
                self.with_error(Some(Hint::Errors(groups.collect())));
            }
            Condition::Error(TextTest::Contains(_)) => self.with_error(None),
            Condition::Text(texts) => self.text(connection, texts)?,
            _ => {}
        }
        Ok(())
    }

    /// What the opposite of a condition says.
    fn exclude(&mut self, condition: &Condition) {
        if let Condition::State(states) = condition {
            for state in states {
                if let State::Status(status) = state {
                    self.statuses = self.statuses.without((*status).into());
                }
            }
        }
    }

    /// A match is among these, too.
    fn only(&mut self, among: Also) {
        self.statuses = self.statuses.and(among.statuses);
        self.also.extend(among.numbers);
    }

    fn with_error(&mut self, hint: Option<Hint>) {
        self.statuses = self.statuses.and(Statuses::with_error());
        self.hints.extend(hint);
    }

    fn text(&mut self, connection: &Connection, texts: &[String]) -> Result<(), Failure> {
        if let Some(hint) = hint::text(texts)
            && let Some(numbers) = also::beginning_with(connection, texts)?
        {
            self.also.extend(numbers);
            self.hints.push(hint);
        }
        Ok(())
    }

    /// What can match in a window, where the chunks from `indexed_to` on are not indexed.
    pub(super) fn marks(
        &self,
        connection: &Connection,
        window: Window,
        indexed_to: i64,
    ) -> Result<Marks, Failure> {
        let mut marks = Marks {
            candidates: if self.statuses.is_empty() { 0 } else { u64::MAX },
            errors_only: 0,
            statuses: self.statuses,
        };
        for hint in &self.hints {
            if marks.candidates == 0 {
                break;
            }
            let unknown = if hint.is_always_known() {
                0
            } else {
                window.from(indexed_to)
            };
            let chunks = hint.chunks(connection, window)? | unknown;
            if let Hint::Text(_) = hint {
                marks.errors_only |= !chunks;
            } else {
                marks.candidates &= chunks;
            }
        }
        Ok(marks)
    }
}

impl Marks {
    /// The statuses that a match has in a chunk.
    pub(super) fn of(&self, window: Window, chunk: i64) -> Statuses {
        let bit = window.bit(chunk);
        if self.candidates & bit == 0 {
            Statuses::NONE
        } else if self.errors_only & bit == 0 {
            self.statuses
        } else {
            self.statuses.and(Statuses::with_error())
        }
    }
}
