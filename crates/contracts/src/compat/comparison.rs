//! The walk through two versions of one schema.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::change::{Change, Kind, Level};
use super::node::Node;
use super::rules;
use crate::pointer;

/// What is different between two versions of a schema, in the order of the old and new keywords' names.
///
/// `$version` is left out: it declares the change, it is none. Empty means that the documents are equal.
pub fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let mut comparison = Comparison::new(old, new);
    comparison.schemas("", &[old], &[new]);
    if comparison.changes.is_empty() && without_version(old) != without_version(new) {
        let words = "the text changed and its meaning did not";
        comparison.changes.push(Change::new("", Kind::Rearranged, words));
    }
    comparison.changes
}

fn without_version(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(object) = schema.as_object_mut() {
        object.remove("$version");
    }
    schema
}

/// The state of one walk; the rules add to its changes.
#[derive(Debug)]
pub(super) struct Comparison<'s> {
    old: &'s Value,
    new: &'s Value,
    changes: Vec<Change>,
    /// Pairs of places that were compared, so that recursive schemas end. Inside keywords that turn the
    /// meaning of a change around (`not`) the same pair counts as another.
    seen: HashSet<(bool, Vec<usize>, Vec<usize>)>,
    inside_opaque: bool,
}

/// Two versions of one place.
pub(super) struct Pair<'p, 's> {
    /// The JSON pointer of the place.
    pub(super) path: &'p str,
    /// What applied there.
    pub(super) old: Node<'s>,
    /// What applies there.
    pub(super) new: Node<'s>,
}

impl<'s> Pair<'_, 's> {
    /// The pointer of one keyword here.
    pub(super) fn at(&self, keyword: &str) -> String {
        pointer::join(self.path, keyword)
    }

    /// Old and new values of a keyword side by side, in the order of the parts.
    pub(super) fn values(&self, keyword: &str) -> Vec<(Option<&'s Value>, Option<&'s Value>)> {
        side_by_side(&self.old.values(keyword), &self.new.values(keyword))
    }
}

/// Two lists as one of pairs, as long as the longer one.
pub(super) fn side_by_side<T: Clone>(old: &[T], new: &[T]) -> Vec<(Option<T>, Option<T>)> {
    let length = old.len().max(new.len());
    (0..length)
        .map(|at| (old.get(at).cloned(), new.get(at).cloned()))
        .collect()
}

impl<'s> Comparison<'s> {
    fn new(old: &'s Value, new: &'s Value) -> Self {
        Self {
            old,
            new,
            changes: Vec::new(),
            seen: HashSet::new(),
            inside_opaque: false,
        }
    }

    /// Notes a change.
    pub(super) fn note(&mut self, path: impl Into<String>, kind: Kind, description: impl Into<String>) {
        self.changes.push(Change::new(path, kind, description));
    }

    /// Compares one place that a list of old and a list of new schemas describe; an empty list allows all.
    pub(super) fn schemas(&mut self, path: &str, old: &[&'s Value], new: &[&'s Value]) {
        let pair = Pair {
            path,
            old: Node::new(self.old, old),
            new: Node::new(self.new, new),
        };
        let key = (self.inside_opaque, pair.old.identity(), pair.new.identity());
        let first_visit = self.seen.insert(key);
        self.problems(&pair);
        if self.forbidden(&pair) && first_visit {
            self.keywords(&pair);
        }
    }

    fn problems(&mut self, pair: &Pair<'_, 's>) {
        let found: BTreeSet<&String> = pair.old.problems.iter().chain(&pair.new.problems).collect();
        for problem in found {
            self.note(pair.path, Kind::NotUnderstood, problem.clone());
        }
    }

    /// Judges places where nothing is allowed; tells whether the keywords matter.
    fn forbidden(&mut self, pair: &Pair<'_, 's>) -> bool {
        match (pair.old.forbidden, pair.new.forbidden) {
            (false, false) => return true,
            (true, true) => {}
            (false, true) => self.note(
                pair.path,
                Kind::ConstraintTightened,
                "nothing is allowed here any more",
            ),
            (true, false) => self.note(
                pair.path,
                Kind::ConstraintRelaxed,
                "something is allowed here now",
            ),
        }
        false
    }

    fn keywords(&mut self, pair: &Pair<'_, 's>) {
        if pair.old.parts.len().max(pair.new.parts.len()) > 1
            && pair.old.closed_parts() != pair.new.closed_parts()
        {
            let words = "fields changed in a part of an allOf that shuts out the fields of the other parts";
            self.note(pair.path, Kind::NotUnderstood, words);
        }
        let keywords: BTreeSet<&str> = pair.old.keywords().union(&pair.new.keywords()).copied().collect();
        for keyword in keywords {
            rules::apply(self, pair, keyword);
        }
    }

    /// Compares schemas under a keyword in which a relaxed part may tighten the whole: only changed words pass,
    /// everything else counts as not understood.
    pub(super) fn opaque(&mut self, path: &str, keyword: &str, places: &[(String, &'s Value, &'s Value)]) {
        let before = self.changes.len();
        let outside = std::mem::replace(&mut self.inside_opaque, true);
        for (place, old, new) in places {
            self.schemas(place, &[*old], &[*new]);
        }
        self.inside_opaque = outside;
        if self.changes[before..]
            .iter()
            .any(|change| change.level > Level::Patch)
        {
            self.changes.truncate(before);
            self.note(
                path,
                Kind::NotUnderstood,
                format!("a change inside `{keyword}` cannot be judged"),
            );
        }
    }

    /// Compares two maps of schemas whose names must not change.
    pub(super) fn named(&mut self, path: &str, old: &'s Map<String, Value>, new: &'s Map<String, Value>) {
        if !old.keys().eq(new.keys()) {
            self.note(
                path,
                Kind::NotUnderstood,
                "names were added or removed here, which cannot be judged",
            );
        }
        for (name, schema) in old {
            if let Some(other) = new.get(name) {
                self.schemas(&pointer::join(path, name), &[schema], &[other]);
            }
        }
    }
}

#[cfg(test)]
mod tests;
