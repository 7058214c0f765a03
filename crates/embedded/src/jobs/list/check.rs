//! Whether a job matches: what its row says first, then its tags, then its payload and metadata.

use domain::query::{Condition, Facts, Query, Term};
use jiff::Timestamp;
use rusqlite::Connection;

use crate::error::Failure;
use crate::jobs::search::Known;

/// A query, taken apart by what has to be read for its terms.
#[derive(Debug)]
pub(super) struct Check {
    now: Timestamp,
    needs_error: bool,
    of_row: Option<Query>,
    of_tags: Option<Query>,
    of_body: Option<Query>,
}

/// What has to be read for a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Row,
    Tags,
    Body,
}

impl Check {
    pub(super) fn of(query: &Query, now: Timestamp) -> Self {
        let terms = query.terms();
        let parts = [Need::Row, Need::Tags, Need::Body].map(|need| part(terms, need));
        let [of_row, of_tags, of_body] = match parts {
            [Ok(of_row), Ok(of_tags), Ok(of_body)] => [of_row, of_tags, of_body],
            _ => [None, None, Some(query.clone())],
        };
        Self {
            now,
            needs_error: terms.iter().any(needs_error),
            of_row,
            of_tags,
            of_body,
        }
    }

    /// Whether the job matches.
    pub(super) fn passes(&self, connection: &Connection, job: &mut Known<'_>) -> Result<bool, Failure> {
        if self.needs_error {
            job.read_error()?;
        }
        if !self.holds(self.of_row.as_ref(), &job.facts()) {
            return Ok(false);
        }
        if self.of_body.is_some() {
            job.read_body(connection)?;
        } else if self.of_tags.is_some() {
            job.read_tags(connection)?;
        }
        let facts = job.facts();
        Ok(self.holds(self.of_tags.as_ref(), &facts) && self.holds(self.of_body.as_ref(), &facts))
    }

    fn holds(&self, part: Option<&Query>, facts: &Facts<'_>) -> bool {
        part.is_none_or(|part| part.matches(facts, self.now))
    }
}

/// The terms of the query that need just this, as a query of their own.
fn part(terms: &[Term], wanted: Need) -> Result<Option<Query>, domain::query::QueryError> {
    let texts: Vec<String> = terms
        .iter()
        .filter(|term| need(term) == wanted)
        .map(ToString::to_string)
        .collect();
    if texts.is_empty() {
        return Ok(None);
    }
    Query::parse(&texts.join(" ")).map(Some)
}

fn need(term: &Term) -> Need {
    match term.condition {
        Condition::Body { .. } => Need::Body,
        Condition::Tag(_) | Condition::Text(_) => Need::Tags,
        _ => Need::Row,
    }
}

fn needs_error(term: &Term) -> bool {
    matches!(
        term.condition,
        Condition::Text(_) | Condition::Error(_) | Condition::Fingerprint(_)
    )
}
