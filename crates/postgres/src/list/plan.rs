//! Which jobs can match a query, as far as indexes know.

mod named;
pub(super) mod times;

use contracts::JobStatus;
use domain::fingerprint::fingerprint;
use domain::query::{Condition, Pattern, Query, State, TermKind, TextTest};
use jiff::Timestamp;
use sqlx::postgres::PgConnection;

use super::filter::Filter;
use super::statuses::Statuses;
use crate::error::Failure;
use crate::search::{Zones, parts, priority_term};
use named::Named;

/// Terms of which a chunk with a match has one set, completely.
pub(super) type Clause = Vec<Vec<u64>>;

/// What a match is among.
#[derive(Debug)]
pub(super) struct Plan {
    /// A match has one of these statuses...
    pub(super) statuses: Statuses,
    /// ...or is one of these jobs: numbers from the lowest up.
    pub(super) also: Vec<i64>,
    /// The jobs that run, from the lowest number up, if they are asked for.
    pub(super) running: Vec<i64>,
    /// A match has one of these groups of errors.
    pub(super) errors: Option<Vec<i64>>,
    /// What the chunk of a match has.
    pub(super) clauses: Vec<Clause>,
    /// What the chunk of a match has; otherwise the match has an error.
    pub(super) text: Option<Clause>,
    /// When the jobs of its chunk were accepted and made.
    pub(super) zones: Option<Zones>,
    pub(super) filter: Filter,
}

impl Plan {
    pub(super) async fn of(
        connection: &mut PgConnection,
        query: &Query,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let (zones, _) = times::zones(query, now);
        let mut plan = Self {
            statuses: Statuses::ALL,
            also: Vec::new(),
            running: Vec::new(),
            errors: None,
            clauses: clauses(query),
            text: None,
            zones: (zones != Zones::ALWAYS).then_some(zones),
            filter: Filter::of(query, now),
        };
        for term in query.terms() {
            if term.negated {
                plan.exclude(&term.condition);
            } else {
                plan.narrow(connection, &term.condition, now).await?;
            }
        }
        plan.also.sort_unstable();
        plan.also.dedup();
        let looks_for_running = plan.statuses.has(JobStatus::Executing);
        if looks_for_running && !plan.statuses.has(JobStatus::Completed) {
            plan.running = named::running(connection).await?;
        }
        Ok(plan)
    }

    async fn narrow(
        &mut self,
        connection: &mut PgConnection,
        condition: &Condition,
        now: Timestamp,
    ) -> Result<(), Failure> {
        match condition {
            Condition::Id(ids) => self.only(Named::of_ids(connection, ids).await?),
            Condition::State(states) => self.only(Named::of_states(connection, states, now).await?),
            Condition::Held(_) => self.only(Named::held(connection).await?),
            Condition::Worker(_) => self.statuses = self.statuses.and(JobStatus::Executing.into()),
            Condition::Fingerprint(groups) => {
                self.with_error(Some(groups.iter().map(|group| group.0.cast_signed()).collect()));
            }
            Condition::Error(TextTest::Is(errors)) => {
                let groups = errors.iter().map(|error| fingerprint(error).0.cast_signed());
                self.with_error(Some(groups.collect()));
            }
            Condition::Error(TextTest::Contains(_)) => self.with_error(None),
            Condition::Text(texts) => self.look_for(connection, texts).await?,
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

    /// A match is among these, too. Jobs that only one of two conditions names cannot match; that is found out when
    /// they are looked at.
    fn only(&mut self, among: Named) {
        self.statuses = self.statuses.and(among.statuses);
        self.also.extend(among.numbers);
    }

    fn with_error(&mut self, groups: Option<Vec<i64>>) {
        self.statuses = self.statuses.and(Statuses::with_error());
        if self.errors.is_none() {
            self.errors = groups;
        }
    }

    async fn look_for(&mut self, connection: &mut PgConnection, texts: &[String]) -> Result<(), Failure> {
        let clause: Clause = texts.iter().map(|text| parts(text).collect()).collect();
        if self.text.is_some() || clause.iter().any(Vec::is_empty) {
            return Ok(());
        }
        if let Some(numbers) = named::beginning_with(connection, texts).await? {
            self.also.extend(numbers);
            self.text = Some(clause);
        }
        Ok(())
    }
}

/// What the filters of chunks know of a query.
fn clauses(query: &Query) -> Vec<Clause> {
    let of_domain = query
        .index_terms()
        .into_iter()
        .filter(|clause| clause.kind != TermKind::Fingerprint);
    let mut clauses: Vec<Clause> = of_domain
        .map(|clause| clause.any_of.into_iter().map(|term| vec![term.hash]).collect())
        .collect();
    for term in query.terms().iter().filter(|term| !term.negated) {
        match &term.condition {
            Condition::Priority(priorities) => {
                let terms = priorities
                    .iter()
                    .copied()
                    .map(|priority| vec![priority_term(priority)]);
                clauses.push(terms.collect());
            }
            Condition::Type(patterns) => clauses.extend(prefixes(patterns)),
            _ => {}
        }
    }
    clauses
}

/// What chunks have of types that begin in one of these ways, unless one of them is too short to say.
fn prefixes(patterns: &[Pattern]) -> Option<Clause> {
    let any = patterns
        .iter()
        .any(|pattern| matches!(pattern, Pattern::Prefix(_)));
    let terms = |pattern: &Pattern| match pattern {
        Pattern::Exact(text) | Pattern::Prefix(text) => {
            let terms: Vec<u64> = parts(text).collect();
            (!terms.is_empty()).then_some(terms)
        }
    };
    if any {
        patterns.iter().map(terms).collect()
    } else {
        None
    }
}
