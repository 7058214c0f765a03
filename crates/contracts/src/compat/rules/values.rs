//! `enum` and `const`, which is an `enum` of one value.

use serde_json::Value;

use crate::compat::change::Kind;
use crate::compat::comparison::{Comparison, Pair, side_by_side};
use crate::compat::node::Node;

/// More values are minor, fewer are major.
pub(super) fn apply(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>) {
    let (Some(old), Some(new)) = (lists(&pair.old), lists(&pair.new)) else {
        comparison.note(pair.at("enum"), Kind::NotUnderstood, "`enum` is no list");
        return;
    };
    for sides in side_by_side(&old, &new) {
        match sides {
            (Some(old), Some(new)) => judge(comparison, pair, &old, &new),
            (None, Some(new)) => {
                let words = format!("only {} may stand here now", spelled(&new));
                comparison.note(pair.at("enum"), Kind::ConstraintAdded, words);
            }
            _ => comparison.note(
                pair.at("enum"),
                Kind::ConstraintRemoved,
                "any value may stand here now",
            ),
        }
    }
}

fn judge(comparison: &mut Comparison<'_>, pair: &Pair<'_, '_>, old: &[&Value], new: &[&Value]) {
    let removed: Vec<&Value> = old.iter().filter(|value| !new.contains(value)).copied().collect();
    let added: Vec<&Value> = new.iter().filter(|value| !old.contains(value)).copied().collect();
    if !removed.is_empty() {
        comparison.note(
            pair.at("enum"),
            Kind::ValuesRemoved,
            format!("values removed: {}", spelled(&removed)),
        );
    }
    if !added.is_empty() {
        comparison.note(
            pair.at("enum"),
            Kind::ValuesAdded,
            format!("values added: {}", spelled(&added)),
        );
    }
}

/// One list for every `enum` and for every `const` that applies.
fn lists<'s>(node: &Node<'s>) -> Option<Vec<Vec<&'s Value>>> {
    let enumerations = node
        .values("enum")
        .into_iter()
        .map(|list| Some(list.as_array()?.iter().collect()));
    let constants = node.values("const").into_iter().map(|value| Some(vec![value]));
    enumerations.chain(constants).collect()
}

fn spelled(values: &[&Value]) -> String {
    values
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
