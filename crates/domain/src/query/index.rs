//! What an index of terms keeps of a job, and what it can find for a query.
//!
//! A store may keep the terms of [`index_terms_of`] beside each job. A search takes, for each clause of
//! [`super::Query::index_terms`], the jobs that have one of its terms; whatever all clauses have in common is then
//! held against [`super::Query::matches`]. The index may bring too much and never too little: two texts may share a
//! hash, a job may have an error of before, and a job with more values than the index takes carries a term for
//! "anything else" that every clause of that kind includes.

use serde_json::Value;

use super::body::{index_text, index_text_of};
use super::{BodySource, BodyTest, Condition, Facts, MAX_LENGTH, MAX_PATH, Path, Pattern, Term, TextTest};
use crate::fingerprint::{Fingerprint, fingerprint};
use crate::stable_hash::StableHash;

/// The most terms of one job.
pub const MAX_INDEX_TERMS: usize = 64;

/// As many tags as the contract allows.
const MAX_TAGS: usize = 32;

/// What a term is about, so that a store leaves out what it finds in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TermKind {
    /// The type.
    Type,
    /// A tag.
    Tag,
    /// The unique key.
    Key,
    /// The schedule.
    Schedule,
    /// The group of the error; changes during a job's life.
    Fingerprint,
    /// A value in the payload.
    Payload,
    /// A value in the metadata.
    Metadata,
}

impl TermKind {
    /// The name, which is part of the stored hash.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Tag => "tag",
            Self::Key => "key",
            Self::Schedule => "schedule",
            Self::Fingerprint => "fingerprint",
            Self::Payload => "payload",
            Self::Metadata => "metadata",
        }
    }

    const fn of(source: BodySource) -> Self {
        match source {
            BodySource::Payload => Self::Payload,
            BodySource::Metadata => Self::Metadata,
        }
    }

    /// The hash that every term of this kind begins with.
    fn seed(self) -> StableHash {
        StableHash::new().part(self.as_str())
    }

    fn term(self, hash: StableHash) -> IndexTerm {
        IndexTerm {
            kind: self,
            hash: hash.finish(),
        }
    }

    fn text(self, text: &str) -> IndexTerm {
        self.term(self.seed().part(text))
    }

    /// Carried by a job that has more of this kind than the index takes, in place of all of them.
    pub fn overflow(self) -> IndexTerm {
        self.term(self.seed())
    }
}

/// One thing that an index knows of a job.
///
/// The hash is FNV-1a of 64 bits over the kind's name, then the steps of a path, then the value, each preceded
/// by its length as 8 bytes in little endian. Stores keep it, so it never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexTerm {
    /// What it is about.
    pub kind: TermKind,
    /// What stands for it in the index.
    pub hash: u64,
}

/// Terms one of which every match has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// What the terms are about.
    pub kind: TermKind,
    /// The alternatives, the one for "anything else" among them.
    pub any_of: Vec<IndexTerm>,
}

/// What the index can say about a term of a query, if anything.
pub(super) fn clause(term: &Term) -> Option<Clause> {
    if term.negated {
        return None;
    }
    let texts = |kind: TermKind, texts: &[String]| Some(any(kind, texts.iter().map(|text| kind.text(text))));
    match &term.condition {
        Condition::Type(patterns) => types(patterns),
        Condition::Tag(tags) => texts(TermKind::Tag, tags),
        Condition::Key(keys) => texts(TermKind::Key, keys),
        Condition::Schedule(names) => texts(TermKind::Schedule, names),
        Condition::Fingerprint(prints) => Some(any(TermKind::Fingerprint, prints.iter().copied().map(group))),
        Condition::Error(TextTest::Is(errors)) => Some(any(
            TermKind::Fingerprint,
            errors.iter().map(|error| group(fingerprint(error))),
        )),
        Condition::Body {
            source,
            path,
            test: BodyTest::Is(values),
        } => {
            let kind = TermKind::of(*source);
            Some(any(kind, values.iter().map(|value| at(kind, path, value))))
        }
        _ => None,
    }
}

fn any(kind: TermKind, terms: impl Iterator<Item = IndexTerm>) -> Clause {
    let any_of = terms.chain([kind.overflow()]).collect();
    Clause { kind, any_of }
}

fn types(patterns: &[Pattern]) -> Option<Clause> {
    let name = |pattern: &Pattern| match pattern {
        Pattern::Exact(name) => Some(TermKind::Type.text(name)),
        Pattern::Prefix(_) => None,
    };
    let terms: Option<Vec<IndexTerm>> = patterns.iter().map(name).collect();
    Some(any(TermKind::Type, terms?.into_iter()))
}

fn group(print: Fingerprint) -> IndexTerm {
    TermKind::Fingerprint.text(&print.to_string())
}

fn at(kind: TermKind, path: &Path, value: &str) -> IndexTerm {
    let place = path.0.iter().fold(kind.seed(), |hash, step| hash.part(step));
    kind.term(place.part(&index_text_of(value)))
}

/// Every term of one job: distinct, and [`MAX_INDEX_TERMS`] at most.
pub fn index_terms_of(facts: &Facts<'_>) -> Vec<IndexTerm> {
    let mut terms = vec![TermKind::Type.text(facts.job_type)];
    terms.extend(facts.unique_key.map(|key| TermKind::Key.text(key)));
    terms.extend(facts.schedule.map(|name| TermKind::Schedule.text(name)));
    terms.extend(facts.error.map(|error| group(fingerprint(error))));
    terms.extend(tags(facts.tags));
    // The payload needs room for one term: the one for "anything else".
    for (source, reserved) in [(BodySource::Metadata, 1), (BodySource::Payload, 0)] {
        let room = MAX_INDEX_TERMS - reserved - terms.len();
        terms.extend(
            source
                .of(facts)
                .map_or_else(Vec::new, |body| values(source, body, room)),
        );
    }
    terms.sort_unstable();
    terms.dedup();
    terms
}

fn tags(tags: &[String]) -> Vec<IndexTerm> {
    if tags.len() > MAX_TAGS {
        return vec![TermKind::Tag.overflow()];
    }
    tags.iter().map(|tag| TermKind::Tag.text(tag)).collect()
}

/// All values in the body, or the one term for "anything else" where there is no room for them.
fn values(source: BodySource, body: &Value, room: usize) -> Vec<IndexTerm> {
    let kind = TermKind::of(source);
    let mut walk = Walk {
        kind,
        room,
        terms: Vec::new(),
    };
    match walk.below(body, kind.seed(), 0) {
        Some(()) => walk.terms,
        None => vec![kind.overflow()],
    }
}

/// The way through a body, to each value that a path leads to.
struct Walk {
    kind: TermKind,
    room: usize,
    terms: Vec<IndexTerm>,
}

impl Walk {
    /// Takes in what is below `value`, whose path has `depth` steps; `None` once there is no room.
    fn below(&mut self, value: &Value, place: StableHash, depth: usize) -> Option<()> {
        match value {
            // No query has a path as long as that.
            _ if depth == MAX_PATH => Some(()),
            Value::Object(members) => members
                .iter()
                .try_for_each(|(name, value)| self.visit(value, place.part(name), depth + 1)),
            Value::Array(items) => items.iter().enumerate().try_for_each(|(position, value)| {
                self.visit(value, place.part(&position.to_string()), depth + 1)
            }),
            _ => Some(()),
        }
    }

    fn visit(&mut self, value: &Value, place: StableHash, depth: usize) -> Option<()> {
        let Some(text) = index_text(value) else {
            return self.below(value, place, depth);
        };
        if text.len() > MAX_LENGTH {
            // No query has a value as long as that.
            return Some(());
        }
        if self.terms.len() == self.room {
            return None;
        }
        self.terms.push(self.kind.term(place.part(&text)));
        Some(())
    }
}
