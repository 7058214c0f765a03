//! The one query language for jobs, of the API, the command line, the web page and the terminal.
//!
//! ```text
//! type:email state:failed,retrying error~"timed out" -tag:eu age>5m payload.user.id:42
//! ```
//!
//! - Terms stand side by side and all of them hold; `-` before a term asks for the opposite.
//! - A term is a field, an operator and a value. `:` compares, `~` finds a part of a text whatever its case (of the
//!   letters A to Z), `>`, `>=`, `<`, `<=` compare by size. A comma between values means "one of these".
//! - A value with white space, a comma or a quote in it stands in double quotes; `\"` and `\\` are a quote and a
//!   backslash there.
//! - A value without a field finds a part of the job's type, of a tag or of its error, or the beginning of its
//!   identifier (8 characters or more).
//! - What a job does not have matches nothing: `worker:a` fails on a job without a worker, `-worker:a` holds.
//!
//! The fields are [`FIELDS`]. [`Query::matches`] is the meaning; stores translate a query to their own language or
//! narrow the search by [`Query::index_terms`], and the conformance suite holds them to this.

mod body;
mod cursor;
mod display;
mod error;
mod facts;
mod field;
mod fields;
mod given;
mod index;
mod matching;
mod parse;
mod state;
mod term;

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use body::{BodySource, BodyTest, Path};
pub use display::quoted;
pub use error::{QueryError, QueryErrorKind};
pub use facts::{Body, Facts};
pub use field::{Field, Operator};
pub use fields::FIELDS;
pub use index::{Clause, IndexTerm, MAX_INDEX_TERMS, TermKind, index_terms_of};
pub use state::{STUCK_AFTER, STUCK_RUNNING_AFTER, State};
pub use term::{Condition, CountField, ElapsedField, MomentField, Order, Pattern, Term, TextTest, id_range};

/// The longest query, in bytes.
pub const MAX_LENGTH: usize = 2_000;

/// The most terms of a query.
pub const MAX_TERMS: usize = 32;

/// The most values that one term offers as alternatives.
pub const MAX_VALUES: usize = 100;

/// The most steps of a path into payload or metadata.
pub const MAX_PATH: usize = 16;

/// A query: terms that must all hold. Without any it matches every job.
///
/// It is made from its text, and prints and serializes as its canonical text, which reads back as the same query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<Term>,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// When the text is none; the error says where and what was expected.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Self::bounded(parse::terms(text)?)
    }

    /// The terms, in the order of the text.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Both queries in one.
    ///
    /// # Errors
    /// When that is more than a query may have.
    pub fn and(mut self, other: Self) -> Result<Self, QueryError> {
        self.terms.extend(other.terms);
        Self::bounded(self.terms)
    }

    /// Whether the job matches at the moment `now`. This is what every store must agree with.
    pub fn matches(&self, facts: &Facts<'_>, now: Timestamp) -> bool {
        self.terms.iter().all(|term| term.matches(facts, now))
    }

    /// Whether [`Query::matches`] reads the job's payload or metadata.
    pub fn needs_body(&self) -> bool {
        self.terms
            .iter()
            .any(|term| matches!(term.condition, Condition::Body { .. }))
    }

    /// What an index of terms knows of every match: a match has one of the terms of each clause. An empty list says
    /// that the index cannot help.
    pub fn index_terms(&self) -> Vec<Clause> {
        self.terms.iter().filter_map(index::clause).collect()
    }

    /// The canonical text may be longer than what was typed, and must itself be a query.
    fn bounded(terms: Vec<Term>) -> Result<Self, QueryError> {
        if terms.len() > MAX_TERMS {
            return Err(QueryErrorKind::TooManyTerms.of_all());
        }
        let query = Self { terms };
        match query.to_string().len() {
            length if length > MAX_LENGTH => Err(QueryErrorKind::TooLong.of_all()),
            _ => Ok(query),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, term) in self.terms.iter().enumerate() {
            let space = if position > 0 { " " } else { "" };
            write!(f, "{space}{term}")?;
        }
        Ok(())
    }
}

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
