//! Limits of single values.

use std::cmp::Ordering;

use serde_json::Value;

use crate::compat::change::Kind;
use crate::compat::comparison::{Comparison, Pair};

/// A limit from below: more is tighter.
pub(super) fn lower(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str) {
    ordered(comparison, pair, keyword, Ordering::Greater);
}

/// A limit from above: less is tighter.
pub(super) fn upper(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str) {
    ordered(comparison, pair, keyword, Ordering::Less);
}

fn ordered(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str, tighter: Ordering) {
    each(comparison, pair, keyword, |old, new| match order(new, old) {
        Some(Ordering::Equal) => None,
        Some(direction) if direction == tighter => Some(Kind::ConstraintTightened),
        Some(_) => Some(Kind::ConstraintRelaxed),
        None => Some(Kind::NotUnderstood),
    });
}

/// A limit of which two different ones cannot be ordered.
pub(super) fn exact(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str) {
    each(comparison, pair, keyword, |old, new| {
        (old != new).then_some(Kind::ConstraintChanged)
    });
}

/// A limit that is on or off.
pub(super) fn flag(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, keyword: &str) {
    let is_on = |value: &&Value| value.as_bool() != Some(false);
    let old = pair.old.values(keyword).iter().any(is_on);
    let new = pair.new.values(keyword).iter().any(is_on);
    match (old, new) {
        (false, true) => comparison.note(
            pair.at(keyword),
            Kind::ConstraintAdded,
            format!("`{keyword}` is new"),
        ),
        (true, false) => comparison.note(
            pair.at(keyword),
            Kind::ConstraintRemoved,
            format!("`{keyword}` is gone"),
        ),
        _ => {}
    }
}

/// Judges old and new limits side by side; a limit that came or went needs no rule of its own.
fn each(
    comparison: &mut Comparison<'_>,
    pair: &Pair<'_, '_>,
    keyword: &str,
    judge: impl Fn(&Value, &Value) -> Option<Kind>,
) {
    for sides in pair.values(keyword) {
        let (kind, words) = match sides {
            (None, Some(new)) => (Some(Kind::ConstraintAdded), format!("`{keyword}` {new} is new")),
            (Some(old), None) => (
                Some(Kind::ConstraintRemoved),
                format!("`{keyword}` {old} is gone"),
            ),
            (Some(old), Some(new)) => (
                judge(old, new),
                format!("`{keyword}` changed from {old} to {new}"),
            ),
            (None, None) => continue,
        };
        if let Some(kind) = kind {
            comparison.note(pair.at(keyword), kind, words);
        }
    }
}

/// The order of two numbers, exact for integers.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    let (left, right) = (left.as_number()?, right.as_number()?);
    match (left.as_i128(), right.as_i128()) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}
