//! Schemas for parts without a name of their own: items, further fields, fields by pattern.

use serde_json::Value;

use crate::compat::change::Kind;
use crate::compat::comparison::{Comparison, Pair};
use crate::pointer;

/// A schema for every part of one sort; absent it allows everything.
pub(super) fn everywhere<'s>(comparison: &mut Comparison<'s>, pair: &Pair<'_, 's>, keyword: &str) {
    comparison.schemas(
        &pair.at(keyword),
        &pair.old.values(keyword),
        &pair.new.values(keyword),
    );
}

/// One schema for all items, or a list with one for each.
pub(super) fn items<'s>(comparison: &mut Comparison<'s>, pair: &Pair<'_, 's>) {
    let values = pair.values("items");
    if !values.iter().any(|(old, new)| is_list(*old) || is_list(*new)) {
        everywhere(comparison, pair, "items");
        return;
    }
    for sides in values {
        item_lists(comparison, &pair.at("items"), sides);
    }
}

fn is_list(value: Option<&Value>) -> bool {
    value.is_some_and(Value::is_array)
}

fn item_lists<'s>(
    comparison: &mut Comparison<'s>,
    path: &str,
    sides: (Option<&'s Value>, Option<&'s Value>),
) {
    match sides {
        (Some(Value::Array(old)), Some(Value::Array(new))) if old.len() == new.len() => {
            for (at, (old, new)) in old.iter().zip(new).enumerate() {
                comparison.schemas(&pointer::join(path, &at.to_string()), &[old], &[new]);
            }
        }
        (Some(old), Some(new)) if !old.is_array() && !new.is_array() => {
            comparison.schemas(path, &[old], &[new]);
        }
        _ => comparison.note(
            path,
            Kind::NotUnderstood,
            "the list of item schemas has another length or form",
        ),
    }
}

/// Schemas for the fields whose names match; only what is inside them can be judged.
pub(super) fn by_pattern<'s>(comparison: &mut Comparison<'s>, pair: &Pair<'_, 's>) {
    let path = pair.at("patternProperties");
    for sides in pair.values("patternProperties") {
        match sides {
            (Some(Value::Object(old)), Some(Value::Object(new))) => comparison.named(&path, old, new),
            _ => comparison.note(
                path.clone(),
                Kind::NotUnderstood,
                "`patternProperties` came or went",
            ),
        }
    }
}
