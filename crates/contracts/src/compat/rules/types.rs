//! `type`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::compat::change::Kind;
use crate::compat::comparison::{Comparison, Pair};

const NAMES: [&str; 7] = [
    "array", "boolean", "integer", "null", "number", "object", "string",
];

/// Widening is minor, narrowing and replacing are major. Every integer is a number.
pub(super) fn apply(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>) {
    for (old, new) in pair.values("type") {
        match (allowed(old), allowed(new)) {
            (Some(before), Some(after)) => judge(comparison, pair, (&before, old), (&after, new)),
            _ => comparison.note(
                pair.at("type"),
                Kind::NotUnderstood,
                "`type` names no type of JSON",
            ),
        }
    }
}

type Side<'a> = (&'a BTreeSet<&'static str>, Option<&'a Value>);

fn judge(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, old: Side<'_>, new: Side<'_>) {
    let kind = match (new.0.is_superset(old.0), new.0.is_subset(old.0)) {
        (true, true) => return,
        (true, false) => Kind::TypeWidened,
        (false, true) => Kind::TypeNarrowed,
        (false, false) => Kind::TypeChanged,
    };
    let words = format!("the type changed from {} to {}", spelled(old.1), spelled(new.1));
    comparison.note(pair.at("type"), kind, words);
}

/// What a `type` allows, all names without one; nothing where it is not understood.
fn allowed(value: Option<&Value>) -> Option<BTreeSet<&'static str>> {
    let mut names = match value {
        None => NAMES.iter().copied().collect(),
        Some(Value::String(name)) => BTreeSet::from([known(name)?]),
        Some(Value::Array(list)) => list
            .iter()
            .map(|name| known(name.as_str()?))
            .collect::<Option<_>>()?,
        Some(_) => return None,
    };
    if names.contains("number") {
        names.insert("integer");
    }
    Some(names)
}

fn known(name: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|known| *known == name)
}

fn spelled(value: Option<&Value>) -> String {
    value.map_or_else(|| "any".to_owned(), Value::to_string)
}
